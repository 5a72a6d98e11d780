// A connected admin client for `npm start` and the commands; what keeps it out is said with what to change.
import { type Admin, Kafka, logLevel } from 'kafkajs'
import type { Connection } from './environment.ts'

/** Some seconds, for brokers that are still starting; what is set wrong does not get better. */
const retry = { initialRetryTime: 300, maxRetryTime: 1000, retries: 6 }

export async function connectAdmin(connection: Connection): Promise<Admin> {
  const kafka = new Kafka({
    clientId: 'formstream',
    logLevel: logLevel.NOTHING,
    retry,
    ...connection,
  })
  const admin = kafka.admin()
  try {
    await admin.connect()
    return admin
  } catch (error) {
    throw toUnreachable(error as Error, connection)
  }
}

/** Of what the client throws while it connects; our own errors say it themselves. */
export function toUnreachable(cause: Error, connection: Connection): Error {
  const { name, message } = cause
  if (!name.startsWith('KafkaJS')) return cause
  const problem = `Kafka cannot be reached at ${connection.brokers}: ${message}`
  return new Error(problem + hint(message, connection), { cause })
}

/** A port that is spoken to in the wrong way breaks off, and says no more than that. */
function hint(message: string, { ssl, sasl }: Connection): string {
  const brokenOff = /closed connection|connection closed/i.test(message)
  if (ssl && (brokenOff || /secure TLS connection|SSL routines|ECONNRESET/.test(message))) {
    return '. Does this port speak TLS? KAFKA_TLS is true'
  }
  if (!brokenOff) return ''
  const password = sasl ? '' : ' or a password'
  return `. Does this port expect TLS${password}? KAFKA_TLS is false`
}
