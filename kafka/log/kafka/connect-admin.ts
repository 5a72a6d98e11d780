// Connects an admin client for `npm start` and the commands. Its error says what to change.
import { type Admin, Kafka, logLevel } from 'kafkajs'
import type { Connection } from './environment.ts'

/** Some seconds, for brokers that are still starting. A wrong setting would fail however long it retries. */
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

/** Explains an error of kafkajs; returns other errors unchanged. */
export function toUnreachable(cause: Error, connection: Connection): Error {
  const { name, message } = cause
  if (!name.startsWith('KafkaJS')) return cause
  const problem = `Kafka cannot be reached at ${connection.brokers}: ${message}`
  return new Error(problem + hint(message, connection), { cause })
}

/** True for an error of the connection, which may go away by itself; false for a wrong password or a missing topic. */
export function isAway(error: Error): boolean {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if ('retriable' in cause && cause.retriable === true) return true
  }
  return false
}

/** A broker closes a connection with the wrong protocol without a reason, so guess from the settings. */
function hint(message: string, { ssl, sasl }: Connection): string {
  const closed = /closed connection|connection closed/i.test(message)
  if (ssl && (closed || /secure TLS connection|SSL routines|ECONNRESET/.test(message))) {
    return '. Does this port speak TLS? KAFKA_TLS is true'
  }
  if (!closed) return ''
  const password = sasl ? '' : ' or a password'
  return `. Does this port expect TLS${password}? KAFKA_TLS is false`
}
