// The settings of a Kafka cluster in the environment: brokers, TLS, SASL. Secrets are never printed.
import { readFileSync } from 'node:fs'
import type { KafkaConfig, SASLOptions } from 'kafkajs'
import * as z from 'zod'

const flag = z.enum(['true', 'false'], { error: 'expected true or false' }).default('false')

export const KafkaEnvironment = z
  .object({
    KAFKA_BROKERS: z
      .string()
      .regex(/^[^\s,:]+:\d+(,[^\s,:]+:\d+)*$/, 'expected host:port, separated by commas')
      .optional()
      .describe(
        'Some brokers of a Kafka cluster, host:port separated by commas ([kafka.md](kafka.md)). Not set: `npm start` keeps events in a file',
      ),
    KAFKA_TLS: flag.describe('true: TLS to the brokers'),
    KAFKA_TLS_CA: z
      .string()
      .optional()
      .describe('File with the certificate of the authority, if it is not a public one'),
    KAFKA_SASL: z
      .enum(['plain', 'scram-sha-256', 'scram-sha-512'], {
        error: 'expected plain, scram-sha-256 or scram-sha-512',
      })
      .optional()
      .describe('plain, scram-sha-256 or scram-sha-512; needs KAFKA_USERNAME and KAFKA_PASSWORD'),
    KAFKA_GROUP_PREFIX: z
      .string()
      .regex(/^[\w.-]{1,100}$/, 'expected letters, digits, dots, - and _')
      .optional()
      .describe('Prefix of the names of consumer groups. Not set: `formstream.`'),
    KAFKA_USERNAME: z.string().optional().describe('User for KAFKA_SASL'),
    KAFKA_PASSWORD: z.string().optional().describe('Password for KAFKA_SASL'),
  })
  .refine(
    ({ KAFKA_SASL, KAFKA_USERNAME, KAFKA_PASSWORD }) => {
      return !KAFKA_SASL || (KAFKA_USERNAME && KAFKA_PASSWORD)
    },
    { path: ['KAFKA_SASL'], error: 'expected KAFKA_USERNAME and KAFKA_PASSWORD with it' },
  )
  // KAFKA_SASL or KAFKA_TLS forgotten: the connection would be less protected than intended.
  .refine(({ KAFKA_SASL, KAFKA_PASSWORD }) => KAFKA_SASL || !KAFKA_PASSWORD, {
    path: ['KAFKA_PASSWORD'],
    error: 'expected KAFKA_SASL with it',
  })
  .refine(({ KAFKA_TLS, KAFKA_TLS_CA }) => KAFKA_TLS === 'true' || !KAFKA_TLS_CA, {
    path: ['KAFKA_TLS_CA'],
    error: 'expected KAFKA_TLS=true with it',
  })

export type KafkaEnvironment = z.infer<typeof KafkaEnvironment>

export type Connection = Pick<KafkaConfig, 'brokers' | 'ssl' | 'sasl'>

export function connectionOf(env: KafkaEnvironment): Connection | undefined {
  if (!env.KAFKA_BROKERS) return undefined
  const ca = env.KAFKA_TLS_CA && readAuthority(env.KAFKA_TLS_CA)
  const ssl = env.KAFKA_TLS === 'true' && (ca ? { ca: [ca] } : true)
  return { brokers: env.KAFKA_BROKERS.split(','), ssl, ...(env.KAFKA_SASL && { sasl: sasl(env) }) }
}

function readAuthority(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    const problem = `Expected KAFKA_TLS_CA to name a readable file, found "${path}"`
    throw new Error(`${problem}: ${(cause as Error).message}`, { cause })
  }
}

function sasl({
  KAFKA_SASL,
  KAFKA_USERNAME = '',
  KAFKA_PASSWORD = '',
}: KafkaEnvironment): SASLOptions {
  return {
    mechanism: KAFKA_SASL,
    username: KAFKA_USERNAME,
    password: KAFKA_PASSWORD,
  } as SASLOptions
}
