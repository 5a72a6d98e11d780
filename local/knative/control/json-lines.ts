// JSON lines over HTTP: a response whose lines are written as they become available, and its reader.
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { FastifyReply } from 'fastify'
import { safeHeaders } from '#kit/http/safe-headers.ts'

export interface LineWriter {
  /** Waits while the reader is slower. */
  write: (line: string) => Promise<void>
  /** Resolves when the response has ended or the client has gone. */
  closed: Promise<unknown>
  end: () => void
}

export function writeLines(reply: FastifyReply, headers: Record<string, number> = {}): LineWriter {
  reply.hijack()
  const raw: ServerResponse = reply.raw
  // The client may have gone before the first line was there.
  const closed = raw.destroyed ? Promise.resolve() : once(raw, 'close')
  raw.writeHead(200, { ...safeHeaders, 'content-type': 'application/x-ndjson', ...headers })
  raw.flushHeaders()
  let drained: Promise<unknown> | undefined
  return {
    async write(line) {
      if (raw.write(`${line}\n`)) return
      drained ??= Promise.race([once(raw, 'drain'), closed]).finally(() => {
        drained = undefined
      })
      await drained
    },
    closed,
    end: () => raw.end(),
  }
}

/** Ends with the response. Leaving the loop cancels the request. */
export async function* readLines({ body }: Response): AsyncGenerator<string> {
  let rest = ''
  for await (const chunk of body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() as string
    yield* lines
  }
}
