// Sends inputs of all kinds and counts the outcomes.
import { readdir } from 'node:fs/promises'
import { rawConnect, readToEnd } from '../raw.ts'
import { type Random, randomFrom } from '../sheets/random.ts'
import type { Input, Kind, Target } from './kind.ts'
import type { Stored, Subject } from './server-process.ts'

export interface Counts {
  sent: number
  /** Number of answers by status. */
  statuses: Record<string, number>
  /** Inputs after which the server closed the connection without an answer. */
  silent: number
  /** Inputs after which the connection was still open at the deadline. */
  hangs: number
  /** Milliseconds until the slowest answer. */
  slowest: number
  /** Answers that the server must not give, with the input that caused each. */
  faults: { kind: string; message: string; answer: string }[]
}

/** `kinds`: any input. `bad-requests`: requests that must be refused. */
export type Corpus = 'kinds' | 'bad-requests'

export async function findKinds(corpus: Corpus): Promise<Kind[]> {
  const folder = new URL(`./${corpus}/`, import.meta.url)
  const files = (await readdir(folder)).toSorted()
  const found = files.map(async (file) => (await import(new URL(file, folder).href)).default)
  return (await Promise.all(found)).flat()
}

const concurrency = 16
/** Milliseconds for one exchange. */
const deadline = 15_000

/** Sends `each` inputs of each kind. Equal seeds make equal inputs, in the same order. */
export async function send(
  subject: Subject,
  kinds: Kind[],
  { each, seed }: { each: number; seed: number },
): Promise<Map<Kind, Counts>> {
  const results = new Map(kinds.map((kind) => [kind, emptyCounts()]))
  const random = randomFrom(seed)
  const queue = Array.from({ length: each }, () => kinds).flat()
  const worker = async () => {
    for (let kind = queue.pop(); kind; kind = queue.pop()) {
      if (subject.crash()) return
      await sendOne(subject, kind, random, results.get(kind) as Counts)
    }
  }
  await Promise.all(Array.from({ length: concurrency }, worker))
  return results
}

const emptyCounts = (): Counts => ({
  sent: 0,
  statuses: {},
  silent: 0,
  hangs: 0,
  slowest: 0,
  faults: [],
})

async function sendOne(
  subject: Subject,
  kind: Kind,
  random: Random,
  counts: Counts,
): Promise<void> {
  const input = kind.make(random)
  counts.sent += 1
  const began = performance.now()
  const answer = await exchangeUntilDeadline(subject.ports[kind.target], kind.target, input)
  counts.slowest = Math.max(counts.slowest, performance.now() - began)
  if (answer === undefined) counts.hangs += 1
  const statuses = [...(answer ?? '').matchAll(/(?:^|\n|\})HTTP\/1\.1 (\d{3}) /g)].map(
    ([, status]) => Number(status),
  )
  if (answer !== undefined && statuses.length === 0) counts.silent += 1
  for (const status of statuses.filter((status) => status >= 200)) {
    counts.statuses[status] = (counts.statuses[status] ?? 0) + 1
    if (kind.mayAnswer(status, answer ?? '')) continue
    const message = Buffer.from(input.message).toString('latin1').slice(0, 2000)
    counts.faults.push({ kind: kind.name, message, answer: (answer ?? '').slice(0, 400) })
  }
}

/** All that the server sent until it closed the connection. Undefined when it did not close it within the deadline. */
async function exchangeUntilDeadline(
  port: number,
  target: Target,
  input: Input,
): Promise<string | undefined> {
  const socket = rawConnect(port)
  let timedOut = false
  const timer = setTimeout(() => {
    timedOut = true
    socket.destroy()
  }, deadline)
  socket.write(input.message)
  // Only the endpoint answers clients that have ended their side; the other servers take that as a client that went away.
  if (target === 'endpoint' && !input.open) socket.end()
  const answer = await readToEnd(socket)
  clearTimeout(timer)
  return timedOut ? undefined : answer
}

export const sumOf = (all: Iterable<Counts>): Counts => {
  const sum = emptyCounts()
  for (const { sent, statuses, silent, hangs, slowest, faults } of all) {
    sum.sent += sent
    sum.silent += silent
    sum.hangs += hangs
    sum.slowest = Math.max(sum.slowest, slowest)
    sum.faults.push(...faults)
    for (const [status, count] of Object.entries(statuses)) {
      sum.statuses[status] = (sum.statuses[status] ?? 0) + count
    }
  }
  return sum
}

/** Answers of 202 by the two servers that store each accepted input as one record. */
export function countAccepted(results: Map<Kind, Counts>): Stored {
  const acceptedBy = (target: Target) =>
    sumOf([...results].filter(([kind]) => kind.target === target).map(([, counts]) => counts))
      .statuses[202] ?? 0
  return { submitted: acceptedBy('endpoint'), deadLetters: acceptedBy('dead-letter') }
}
