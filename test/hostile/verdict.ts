// What may not happen, whatever comes.
import { type Result, warmUp } from './rounds.ts'

/** Of resident MB, after the rounds that warm up. */
const mostGrowth = 30

/** Each thing that gave way, in words; none is good. */
export function verdict({ total, crash, accepted, stored, rss }: Result): string[] {
  const growth = (rss.at(-1) as number) - (rss[warmUp - 1] as number)
  const wrong: [boolean, string][] = [
    [crash !== undefined, `Expected no crash, found: ${crash}`],
    [total.hangs > 0, `Expected an answer or an end to each input, found ${total.hangs} hangs`],
    [total.faults.length > 0, `Expected no 5xx, found ${total.faults.length}`],
    [
      stored.submitted !== accepted.submitted || stored.letters !== accepted.letters,
      `Expected an event for each 202, found ${JSON.stringify({ accepted, stored })}`,
    ],
    [growth > mostGrowth, `Expected growth of at most ${mostGrowth} MB, found ${growth}`],
  ]
  return wrong.flatMap(([is, words]) => (is ? [words] : []))
}
