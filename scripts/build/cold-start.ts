// How long a bundle takes from its process being started to listening.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Milliseconds, of the fastest of some: a busy machine only makes it slower. */
export async function coldStart(folder: string, formsDir: string, rounds = 3): Promise<number> {
  const sink = createServer((_request, response) => response.writeHead(405).end())
  await once(sink.listen(0, '127.0.0.1'), 'listening')
  const { port } = sink.address() as AddressInfo
  const data = await mkdtemp(join(tmpdir(), 'formstream-build-'))
  const sinkUrl = `http://127.0.0.1:${port}/`
  const environment = { FORMS_DIR: formsDir, K_SINK: sinkUrl, DATA_DIR: data }
  const times: number[] = []
  for (let n = 0; n < rounds; n++) {
    times.push(await start(folder, environment))
  }
  await rm(data, { recursive: true })
  sink.closeAllConnections()
  sink.close()
  return Math.min(...times)
}

async function start(folder: string, environment: Record<string, string>): Promise<number> {
  const env = { ...process.env, ...environment, NODE_OPTIONS: '', PORT: '0', LOG_LEVEL: 'error' }
  const began = performance.now()
  const child = fork(join(folder, 'index.js'), { cwd: folder, env })
  const exited = once(child, 'exit')
  const ended = exited.then(([code]) => {
    throw new Error(`Expected ${folder} to start, found that it ended with ${code}`)
  })
  await Promise.race([once(child, 'message'), ended])
  const time = performance.now() - began
  child.kill('SIGTERM')
  await exited
  ended.catch(() => {})
  return time
}
