// Shows how far a step is, where a person watches.
import { SingleBar } from 'cli-progress'

export interface Bar {
  begin: (total: number) => void
  add: (count: number) => void
  end: () => void
}

export function showing(what: string): Bar {
  const format = `  ${what.padEnd(24)} {bar} {value}/{total}`
  const bar = new SingleBar({ format, hideCursor: true })
  return {
    begin: (total) => bar.start(total, 0),
    add: (count) => bar.increment(count),
    end: () => bar.stop(),
  }
}
