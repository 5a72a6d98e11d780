// The whole corpus in rounds: two warm up, and in those after them the process may not grow.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { acceptedBy, type Counts, findKinds, send, sumOf } from './corpus.ts'
import type { Kind } from './kind.ts'
import { type Memory, type Stored, startSubject } from './subject.ts'

export interface Result {
  byKind: Map<Kind, Counts>
  total: Counts
  crash: string | undefined
  /** What was answered with 202 and what is stored, by topic. */
  accepted: Stored
  stored: Stored
  /** After each round. */
  memory: Memory[]
}

export const warmUp = 2
const rounds = warmUp + 2

/** At least so many inputs, as many of each kind. */
export async function runCorpus({
  inputs,
  seed,
}: {
  inputs: number
  seed: number
}): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'formstream-hostile-'))
  const subject = await startSubject(folder)
  try {
    const kinds = await findKinds()
    const each = Math.ceil(inputs / kinds.length / rounds)
    const all: Map<Kind, Counts>[] = []
    const memory: Memory[] = []
    for (let round = 0; round < rounds; round++) {
      all.push(await send(subject, kinds, { each, seed: seed + round }))
      memory.push(await subject.memory())
    }
    const byKind = new Map(
      kinds.map((kind) => [kind, sumOf(all.map((results) => results.get(kind) as Counts))]),
    )
    return {
      byKind,
      total: sumOf(byKind.values()),
      crash: subject.crash(),
      accepted: acceptedBy(byKind),
      stored: await subject.stored(),
      memory,
    }
  } finally {
    subject.stop()
    await rm(folder, { recursive: true, force: true })
  }
}
