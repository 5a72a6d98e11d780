import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Time from the start of a bundle's process until it listens, ms. Other load on the machine adds to it. */
export async function coldStart(folder: string, formsDir: string): Promise<number> {
  const sink = createServer((_request, response) => response.writeHead(405).end())
  await once(sink.listen(0, '127.0.0.1'), 'listening')
  const { port } = sink.address() as AddressInfo
  const data = await mkdtemp(join(tmpdir(), 'formstream-build-'))
  const sinkUrl = `http://127.0.0.1:${port}/`
  const time = await start(folder, { FORMS_DIR: formsDir, K_SINK: sinkUrl, DATA_DIR: data })
  await rm(data, { recursive: true })
  sink.closeAllConnections()
  sink.close()
  return time
}

async function start(folder: string, settings: Record<string, string>): Promise<number> {
  const env = { ...process.env, ...settings, NODE_OPTIONS: '', PORT: '0', LOG_LEVEL: 'error' }
  const began = performance.now()
  const child = fork(join(folder, 'index.js'), { cwd: folder, env })
  const exited = once(child, 'exit')
  const ended = exited.then(([code]) => {
    throw new Error(`Expected ${folder} to start, found that it exited with ${code}`)
  })
  await Promise.race([once(child, 'message'), ended])
  const time = performance.now() - began
  child.kill('SIGTERM')
  await exited
  ended.catch(() => {})
  return time
}
