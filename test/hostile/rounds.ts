// The whole corpus in rounds: two warm up, and in those after them the process may not grow.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { acceptedBy, type Counts, findKinds, send, sumOf } from './corpus.ts'
import type { Kind } from './kind.ts'
import { type Holding, startSubject } from './subject.ts'

export interface Result {
  byKind: Map<Kind, Counts>
  total: Counts
  crash: string | undefined
  /** What was answered with 202 and what is stored, by topic. */
  accepted: Pick<Holding, 'submitted' | 'letters'>
  stored: Pick<Holding, 'submitted' | 'letters'>
  /** Resident MB after each round. */
  rss: number[]
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
    const rss: number[] = []
    let held: Holding | undefined
    for (let round = 0; round < rounds; round++) {
      all.push(await send(subject, kinds, { each, seed: seed + round }))
      held = await subject.holding()
      rss.push(Math.round(held.rss / 2 ** 20))
    }
    const byKind = new Map(
      kinds.map((kind) => [kind, sumOf(all.map((results) => results.get(kind) as Counts))]),
    )
    const { submitted, letters } = held as Holding
    return {
      byKind,
      total: sumOf(byKind.values()),
      crash: subject.crash(),
      accepted: acceptedBy(byKind),
      stored: { submitted, letters },
      rss,
    }
  } finally {
    subject.stop()
    await rm(folder, { recursive: true, force: true })
  }
}
