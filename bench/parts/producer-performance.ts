// Kafka's own load generator, which sends as fast as it can. It prints a line every five seconds; the first windows warm it up.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { measureCpu, type Processes } from './cpu.ts'

const jars = join(import.meta.dirname, '../../.cache/kafka', '*')
/** Windows of five seconds. */
const [warmUp, measured] = [2, 2]

interface Options {
  addresses: string
  topic: string
  /** Bytes of a record. */
  size: number
  /** The brokers. */
  processes: Processes
}

export async function runProducerPerformance({ addresses, topic, size, processes }: Options) {
  const options = { topic, 'num-records': 1e9, 'record-size': size, throughput: -1 }
  const properties = [`bootstrap.servers=${addresses}`, 'acks=all', 'enable.idempotence=true']
  const program = ['-cp', jars, 'org.apache.kafka.tools.ProducerPerformance']
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)])
  const child = spawn('java', [...program, ...args, '--producer-props', ...properties], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  await sentIn(lines, warmUp)
  const cpu = await measureCpu({ client: child.pid as number, ...processes })
  const began = performance.now()
  const sent = await sentIn(lines, measured)
  const perSecond = sent / ((performance.now() - began) / 1000)
  const used = await cpu(sent)
  child.kill('SIGKILL')
  await once(child, 'exit')
  return { perSecond, cpu: used }
}

/** Records sent in so many windows. */
async function sentIn(lines: AsyncIterator<string>, windows: number): Promise<number> {
  let sent = 0
  for (let n = 0; n < windows; ) {
    const { value, done } = await lines.next()
    if (done) throw new Error('ProducerPerformance ended')
    const records = /^(\d+) records sent/.exec(value)?.[1]
    if (records === undefined) continue
    sent += Number(records)
    n += 1
  }
  return sent
}
