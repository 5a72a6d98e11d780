// Turns text into plain lower-case characters, and remembers where in the original each one came from.
import { confusables, enclosed } from './confusables.ts'

export type Normal = {
  text: string
  /** For each UTF-16 unit of `text`: where its character begins and ends in the original. */
  starts: number[]
  ends: number[]
}

// Marks of Indic scripts are vowels and stay; all other marks are decoration, as are invisible characters.
const stripped =
  /^(?:[\p{Mn}\p{Me}](?<![\u0900-\u0dff])|\p{Cf}|[\u093c\u0a3c\u0abc]|\u115f|\u1160|\u3164|\u034f|[\ufe00-\ufe0f])$/u

const known = new Map<string, string>()

function plain(char: string): string {
  let out = ''
  for (const part of char.normalize('NFKD').toLowerCase().normalize('NFKD')) {
    if (stripped.test(part)) continue
    // Candrabindu and anusvara are written for one another.
    if (part === '\u0901') out += '\u0902'
    else out += confusables.get(part) ?? enclosed(part.codePointAt(0)!) ?? part
  }
  if (/^\s+$/.test(out)) return ' '
  // One Arabic sign is eighteen letters: nothing that stands for a letter of ours.
  return out.length > 4 ? char : out
}

function plainOf(char: string): string {
  const seen = known.get(char)
  if (seen !== undefined) return seen
  const made = plain(char)
  // Bounded, so that nobody fills the memory with rare characters.
  if (known.size < 2_000) known.set(char, made)
  return made
}

export function normalise(original: string): Normal {
  const starts: number[] = []
  const ends: number[] = []
  let text = ''
  let start = 0
  for (const char of original) {
    const end = start + char.length
    const made = plainOf(char)
    // What is dropped belongs to the character before it, so that a mask covers it too.
    if (made === '' && ends.length > 0) ends[ends.length - 1] = end
    for (let i = 0; i < made.length; i++) {
      starts.push(start)
      ends.push(end)
    }
    text += made
    start = end
  }
  return { text, starts, ends }
}
