// Runs the cases of a bench alternately, because the speed of a shared machine changes over minutes.
import type { Round, Rounds } from './result.ts'

const rounds = 3

export async function alternate(cases: Record<string, () => Promise<Round>>): Promise<Rounds> {
  const found: Rounds = {}
  for (let n = 0; n < rounds; n++) {
    for (const [name, run] of Object.entries(cases)) {
      const round = await run()
      found[name] = [...(found[name] ?? []), round]
      console.log(`  round ${n + 1}  ${name}: ${JSON.stringify(rounded(round))}`)
    }
  }
  return found
}

const rounded = (round: Round): unknown =>
  JSON.parse(JSON.stringify(round), (_, value) =>
    typeof value === 'number' ? Math.round(value * 100) / 100 : value,
  )
