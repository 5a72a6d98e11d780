// Runs a bundle in an empty folder, as its image does, and a server that stands for a KafkaSink.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { CloudEvent } from 'cloudevents'
import { fromMessage } from '#kafka/binary-mode.ts'

export interface Sink {
  url: string
  events: CloudEvent[]
  /** Resolves when the next event arrives. Its sender gets no answer until the returned function is called. */
  hold: () => Promise<() => void>
  close: () => void
}

/** Answers 202 at once, unless `hold` was called. */
export async function startSink(): Promise<Sink> {
  const events: CloudEvent[] = []
  const holds: ((answer: () => void) => void)[] = []
  const server = createServer(async (request, response) => {
    if (request.method !== 'POST') return void response.writeHead(405).end()
    if (!request.headers['ce-id']) return void response.writeHead(400).end()
    events.push(fromMessage(request.headers, await text(request)))
    const answer = () => void response.writeHead(202).end()
    const held = holds.shift()
    if (held) held(answer)
    else answer()
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/formstream/topic`,
    events,
    hold: () => new Promise((resolve) => holds.push(resolve)),
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

export interface Alone {
  url: string
  child: ChildProcess
  /** Resolves with the exit code. */
  exited: Promise<number | null>
  stop: () => Promise<number | null>
  /** Its log so far, each line parsed. Throws if a line is not JSON. */
  logged: () => Record<string, unknown>[]
}

/** Its environment is only `environment` and defaults. Rejects with `Ended` if it exits before it listens. */
export async function startAlone(
  bundle: string,
  environment: Record<string, string>,
): Promise<Alone> {
  const folder = await mkdtemp(join(tmpdir(), 'formstream-alone-'))
  await cp(bundle, folder, { recursive: true })
  const env = { PATH: process.env.PATH, PORT: '0', LOG_LEVEL: 'error', ...environment }
  const child = fork('index.js', { cwd: folder, env, silent: true, execArgv: [] })
  const output: Buffer[] = []
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (piece: Buffer) => output.push(piece))
  }
  // 'close' comes after all output has been read, unlike 'exit'.
  const exited = once(child, 'close').then(async ([code]) => {
    await rm(folder, { recursive: true })
    return code as number | null
  })
  const listening = once(child, 'message').then(([message]) => message.listening as number)
  const ended = exited.then((code) => {
    throw new Ended(code, linesOf(output))
  })
  ended.catch(() => {})
  const port = await Promise.race([listening, ended])
  return {
    url: `http://127.0.0.1:${port}`,
    child,
    exited,
    stop: () => {
      child.kill('SIGTERM')
      return exited
    },
    logged: () => linesOf(output).map((line) => JSON.parse(line)),
  }
}

const linesOf = (output: Buffer[]): string[] =>
  Buffer.concat(output).toString().split('\n').filter(Boolean)

/** The process ended before it listened. */
export class Ended extends Error {
  lines: string[]

  constructor(code: number | null, lines: string[]) {
    super(`Ended with ${code}: ${lines.join('\n')}`)
    this.lines = lines
  }
}
