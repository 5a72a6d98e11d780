// One round of load on an HTTP server in a process of its own: rate, latency, CPU time and memory.
import { startServerProcess } from './child-process.ts'
import { measureCpu, memoryOf, type Processes } from './cpu.ts'
import { runLoad } from './load.ts'
import type { Round } from './result.ts'

const [warmUp, seconds] = [2, 5]

export interface Server {
  file: string
  args: string[]
  /** The checkout that has it. */
  root?: string | undefined
}

export const bare = (kind: 'http' | 'fastify'): Server => ({ file: 'bare-server.ts', args: [kind] })

/** `more`: as ingest-server.ts has them. */
export const endpoint = (
  log: 'none' | 'sqlite' | 'kafka' | 'spool' | 'away',
  ...more: string[]
): Server => ({
  file: 'ingest-server.ts',
  args: [log, ...more],
})

/** `beside`: processes that work for the server. */
export async function measureServer(
  program: Server,
  connections: number,
  options: { beside?: Processes; seconds?: number; paths?: string[]; asForm?: boolean } = {},
): Promise<Round> {
  const server = await startServerProcess(program)
  const url = `http://127.0.0.1:${server.port}/forms/student-data`
  const { paths, asForm } = options
  const load = { url, connections, asForm, ...(paths && { paths }) }
  await runLoad({ ...load, seconds: warmUp })
  const cpu = await measureCpu({ endpoint: server.pid, ...options.beside })
  const { perSecond, p50, p99, failed, done, ...generator } = await runLoad({
    ...load,
    seconds: options.seconds ?? seconds,
  })
  const used = { ...(await cpu(done)), load: generator.cpu }
  const memory = await memoryOf({ endpoint: server.pid }, 'peak')
  await server.stop()
  const peakMemory = memory.endpoint as number
  return { figures: { perSecond, p50, p99, failed, peakMemory }, cpu: used }
}
