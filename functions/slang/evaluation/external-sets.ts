// Reads texts and names that others wrote. external/README.md has their sources.
import { readFileSync } from 'node:fs'
import { analyse } from '../analyse.ts'

const lines = (name: string) =>
  readFileSync(new URL(`./external/${name}`, import.meta.url), 'utf8')
    .split('\n')
    .filter(Boolean)

type Case = { id: string; input: string | null }

/** Texts with slang (`pos-`) and innocent ones (`neg-`), without texts that have both labels. */
export function readHinglishTexts(): { slang: string[]; innocent: string[] } {
  const cases = lines('hinglish-profanity.jsonl').map((line): Case => JSON.parse(line))
  const of = (kind: string) =>
    cases.flatMap(({ id, input }) => (id.startsWith(kind) && input !== null ? [input] : []))
  const [slang, innocent] = [of('pos-'), of('neg-')]
  return {
    slang: slang.filter((text) => !innocent.includes(text)),
    innocent: innocent.filter((text) => !slang.includes(text)),
  }
}

/** The lists of names, by the title above each. */
export function readNames(): Record<'given names' | 'surnames' | 'places', string[]> {
  const names = { 'given names': [], surnames: [], places: [] } as ReturnType<typeof readNames>
  let list: string[] = []
  for (const line of lines('indian-names.txt')) {
    if (line.startsWith('# ')) list = names[line.slice(2) as keyof typeof names]
    else list.push(line)
  }
  return names
}

export const readWordList = () => lines('naughty-words.txt')

export type TextScore = {
  precision: number
  recall: number
  falseFlagsPer1000: number
}

const isFlagged = (text: string) => analyse(text).length > 0

/** Counts texts, as the set has no positions. */
export function scoreTexts({ slang, innocent }: ReturnType<typeof readHinglishTexts>): TextScore {
  const found = slang.filter(isFlagged).length
  const wrong = innocent.filter(isFlagged).length
  return {
    precision: found / (found + wrong),
    recall: found / slang.length,
    falseFlagsPer1000: (wrong * 1000) / innocent.length,
  }
}
