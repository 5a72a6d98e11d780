// Sends inputs of all kinds and counts what comes of them.
import { readdir } from 'node:fs/promises'
import { rawConnect, readToEnd } from '../raw.ts'
import { type Random, randomFrom } from '../sheets/random.ts'
import type { Input, Kind, Target } from './kind.ts'
import type { Stored, Subject } from './subject.ts'

export interface Counts {
  sent: number
  /** Answers by their status. */
  statuses: Record<string, number>
  /** The other side ended the connection without a word. */
  silent: number
  hangs: number
  /** Milliseconds until the slowest answer. */
  slowest: number
  /** Unwanted answers of 5xx: the inputs, to send again. */
  faults: { kind: string; message: string; answer: string }[]
}

export async function findKinds(): Promise<Kind[]> {
  const folder = new URL('./kinds/', import.meta.url)
  const files = (await readdir(folder)).toSorted()
  const found = files.map(async (file) => (await import(new URL(file, folder).href)).default)
  return (await Promise.all(found)).flat()
}

const atOnce = 16
const deadline = 15_000

/** `each` inputs of each kind, `atOnce` under way. Equal seeds make equal inputs. */
export async function send(
  subject: Subject,
  kinds: Kind[],
  { each, seed }: { each: number; seed: number },
): Promise<Map<Kind, Counts>> {
  const results = new Map(kinds.map((kind) => [kind, nothing()]))
  const random = randomFrom(seed)
  const queue = Array.from({ length: each }, () => kinds).flat()
  const worker = async () => {
    for (let kind = queue.pop(); kind; kind = queue.pop()) {
      if (subject.crash()) return
      await one(subject, kind, random, results.get(kind) as Counts)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return results
}

export const nothing = (): Counts => ({
  sent: 0,
  statuses: {},
  silent: 0,
  hangs: 0,
  slowest: 0,
  faults: [],
})

async function one(subject: Subject, kind: Kind, random: Random, counts: Counts): Promise<void> {
  const input = kind.make(random)
  counts.sent += 1
  const began = performance.now()
  const answer = await exchange(subject.ports[kind.target], kind.target, input)
  counts.slowest = Math.max(counts.slowest, performance.now() - began)
  if (answer === undefined) counts.hangs += 1
  const statuses = [...(answer ?? '').matchAll(/(?:^|\n|\})HTTP\/1\.1 (\d{3}) /g)].map(
    ([, status]) => Number(status),
  )
  if (answer !== undefined && statuses.length === 0) counts.silent += 1
  for (const status of statuses.filter((status) => status >= 200)) {
    counts.statuses[status] = (counts.statuses[status] ?? 0) + 1
    if (status < 500 || isMeant(kind.target, status)) continue
    const message = Buffer.from(input.message).toString('latin1').slice(0, 2000)
    counts.faults.push({ kind: kind.name, message, answer: (answer ?? '').slice(-400) })
  }
}

/** A function asks for an event again whose form it does not know yet. */
const isMeant = (target: Target, status: number): boolean =>
  target === 'validation' && status === 503

/** Undefined: neither an answer nor an end in time. */
async function exchange(port: number, target: Target, input: Input): Promise<string | undefined> {
  const socket = rawConnect(port)
  let late = false
  const timer = setTimeout(() => {
    late = true
    socket.destroy()
  }, deadline)
  socket.write(input.message)
  // The endpoint alone answers who has ended its side: to the others that means that nobody listens.
  if (target === 'door' && !input.open) socket.end()
  const answer = await readToEnd(socket)
  clearTimeout(timer)
  return late ? undefined : answer
}

export const sumOf = (all: Iterable<Counts>): Counts => {
  const sum = nothing()
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

/** Answers of 202 by the servers that store in one topic each. */
export function acceptedBy(results: Map<Kind, Counts>): Stored {
  const of = (target: Target) =>
    sumOf([...results].filter(([kind]) => kind.target === target).map(([, counts]) => counts))
      .statuses[202] ?? 0
  return { submitted: of('door'), letters: of('dead-letter') }
}
