// Memory of each process of `npm start` over 1,000,000 submissions: what grows with their number would show.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SingleBar } from 'cli-progress'
import { startInstance } from '../test/instance.ts'
import { memoryOf } from './parts/cpu.ts'
import { submitAtOnce } from './parts/instance-load.ts'
import type { BenchOptions } from './parts/options.ts'
import { processTree } from './parts/process-tree.ts'
import { type Result, type Rounds, summarise } from './parts/result.ts'

/** Submissions between two measurements: a hundredth. */
const steps = 100
/** The steps that the table shows. */
const shown = [1, 10, 25, 50, 75, 100]

export default async function memory({ count = 1_000_000 }: BenchOptions): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'formstream-bench-'))
  const instance = await startInstance(folder)
  const step = Math.ceil(count / steps)
  const bar = new SingleBar({ format: '  {bar} {value}/{total}', hideCursor: true })
  bar.start(step * steps, 0)
  const rounds: Rounds = {}
  for (let n = 1; n <= steps; n++) {
    await submitAtOnce(instance, step)
    bar.update(n * step)
    if (!shown.includes(n)) continue
    const memory = await memoryOf(await processTree(instance.pid), 'now')
    rounds[`after ${(n * step).toLocaleString('en')}`] = [{ figures: {}, memory }]
  }
  bar.stop()
  await instance.stop()
  await rm(folder, { recursive: true })
  return summarise('submission', rounds, [])
}
