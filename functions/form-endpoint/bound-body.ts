// Stops reading a body at the limit of its form. Fastify's own limit is that of all forms.
import { Transform } from 'node:stream'
import type { FastifyReply, FastifyRequest, RequestPayload } from 'fastify'
import { tooLarge } from './problem.ts'

type Done = (error: Error | null, payload: RequestPayload) => void

/** A preParsing hook. A body with a Content-Length is checked before it is read: see check-before-body.ts. */
export function boundBody(
  { headers, maxBytes }: FastifyRequest,
  _reply: FastifyReply,
  payload: RequestPayload,
  done: Done,
): void {
  if (headers['transfer-encoding'] === undefined) {
    done(null, payload)
    return
  }
  let size = 0
  const bounded = new Transform({
    transform(chunk: Buffer, _encoding, next) {
      size += chunk.length
      next(size > maxBytes ? tooLarge(maxBytes) : null, chunk)
    },
  })
  payload.on('error', (error) => bounded.destroy(error))
  done(null, payload.pipe(bounded))
}
