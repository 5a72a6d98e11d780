import { SingleBar } from 'cli-progress'
import type { ProgressBar } from '../../functions/sheets/reconcile/instance.ts'

/** Shows nothing if the output is not a terminal. */
export function showProgress(step: string): ProgressBar {
  const format = `  ${step.padEnd(24)} {bar} {value}/{total}`
  const bar = new SingleBar({ format, hideCursor: true })
  return {
    begin: (total) => bar.start(total, 0),
    add: (count) => bar.increment(count),
    end: () => bar.stop(),
  }
}
