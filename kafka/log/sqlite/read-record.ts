import type { LogRecord } from '../port.ts'

/** A record as the thread of the store sends it. Its headers are JSON: a text is cheaper to send than an object. */
export interface ReadRecord {
  partition: number
  offset: number
  headers: string
  body: string
}

export const toLogRecord = (topic: string, { headers, ...record }: ReadRecord): LogRecord => ({
  topic,
  ...record,
  headers: JSON.parse(headers),
})
