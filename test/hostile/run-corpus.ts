// Sends the corpus in rounds. Two rounds warm the process up; its memory must not grow in the rounds after those.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Kind } from './kind.ts'
import { type Corpus, type Counts, countAccepted, findKinds, send, sumOf } from './send-inputs.ts'
import { type Memory, type Stored, startSubject } from './server-process.ts'

export interface Result {
  byKind: Map<Kind, Counts>
  total: Counts
  /** How the process ended by itself. */
  crash: string | undefined
  /** Inputs that were answered with 202. */
  accepted: Stored
  /** Records that are stored. */
  stored: Stored
  /** After each round. */
  memory: Memory[]
}

export const warmUpRounds = 2
const rounds = warmUpRounds + 2

interface Run {
  corpus: Corpus
  inputs: number
  seed: number
}

/** Sends at least `inputs` inputs, equally many of each kind. */
export async function runCorpus({ corpus, inputs, seed }: Run): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'formstream-hostile-'))
  const subject = await startSubject(folder)
  try {
    const kinds = await findKinds(corpus)
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
      accepted: countAccepted(byKind),
      stored: await subject.stored(),
      memory,
    }
  } finally {
    subject.stop()
    await rm(folder, { recursive: true, force: true })
  }
}
