// TLS and passwords for a local cluster: a throw-away certificate authority, a certificate for 127.0.0.1, and users.
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ClusterOptions } from './cluster.ts'

export interface Security {
  /** File with the authority's certificate, the value of KAFKA_TLS_CA. */
  ca: string
  /** For `new Cluster`. Clients and brokers must use SASL_SSL. */
  options: Required<Pick<ClusterOptions, 'protocol' | 'properties' | 'format' | 'connection'>>
}

/**
 * Call once per cluster, before its first start. `users`: passwords by name, for PLAIN and for SCRAM-SHA-512. Both may contain
 * letters, digits, - and _. Secrets are passed in files, not on command lines, which other users can read.
 */
export function secure(folder: string, users: Record<string, string>): Security {
  const files = join(folder, 'security')
  mkdirSync(files, { recursive: true, mode: 0o700 })
  const storePassword = randomBytes(16).toString('hex')
  const { ca, store } = certificates(files, storePassword)
  const brokerPassword = randomBytes(16).toString('hex')
  return {
    ca,
    options: {
      protocol: 'SASL_SSL',
      properties: {
        'security.inter.broker.protocol': 'SASL_SSL',
        'sasl.mechanism.inter.broker.protocol': 'PLAIN',
        'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-512',
        'listener.name.sasl_ssl.plain.sasl.jaas.config': plain('broker', {
          ...users,
          broker: brokerPassword,
        }),
        'listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config':
          'org.apache.kafka.common.security.scram.ScramLoginModule required;',
        'ssl.keystore.type': 'PKCS12',
        'ssl.keystore.location': store,
        'ssl.keystore.password': storePassword,
        'ssl.truststore.type': 'PEM',
        'ssl.truststore.location': ca,
      },
      format: [`@${scramUsers(files, users)}`],
      connection: {
        ssl: { ca: [readFileSync(ca, 'utf8')] },
        sasl: { mechanism: 'plain', username: 'broker', password: brokerPassword },
      },
    },
  }
}

/** Uses keytool, which is part of Java. */
function certificates(files: string, password: string): { ca: string; store: string } {
  const store = join(files, 'broker.p12')
  const passwordFile = secretFile(join(files, 'store-password'), password)
  const keytool = (command: string, ...more: string[]): string => {
    const where = ['-keystore', store, '-storepass:file', passwordFile]
    const stdio: 'pipe'[] = ['pipe', 'pipe', 'pipe']
    return execFileSync('keytool', [command, ...where, ...more], { encoding: 'utf8', stdio })
  }
  const key = ['-keyalg', 'EC', '-groupname', 'secp256r1', '-validity', '7', '-dname']
  const authority = ['-ext', 'bc:c', '-ext', 'ku=keyCertSign']
  keytool('-genkeypair', '-alias', 'authority', ...key, 'CN=Local Kafka', ...authority)
  const broker = ['-signer', 'authority', '-ext', 'san=ip:127.0.0.1']
  keytool('-genkeypair', '-alias', 'broker', ...key, 'CN=127.0.0.1', ...broker)
  const ca = secretFile(
    join(files, 'ca.pem'),
    keytool('-exportcert', '-rfc', '-alias', 'authority'),
  )
  // Brokers use the only key in the store. Without its key the authority cannot sign anything else.
  keytool('-delete', '-alias', 'authority')
  chmodSync(store, 0o600)
  return { ca, store }
}

/** Writes a file of arguments for Kafka's StorageTool, one per line. */
function scramUsers(files: string, users: Record<string, string>): string {
  const lines = Object.entries(users).map(
    ([name, password]) => `--add-scram\nSCRAM-SHA-512=[name=${name},password=${password}]\n`,
  )
  return secretFile(join(files, 'scram-users'), lines.join(''))
}

/** JAAS configuration. `own`: the user name with which brokers log in to each other. */
function plain(own: string, users: Record<string, string>): string {
  const known = Object.entries(users).map(([name, password]) => `user_${name}="${password}"`)
  const self = [`username="${own}"`, `password="${users[own]}"`]
  const module = 'org.apache.kafka.common.security.plain.PlainLoginModule'
  return `${[module, 'required', ...self, ...known].join(' ')};`
}

function secretFile(path: string, content: string): string {
  writeFileSync(path, content, { mode: 0o600, flag: 'wx' })
  return path
}
