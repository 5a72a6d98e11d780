// Turns text into plain lower-case characters, with the position of each in the original.
import { confusables, enclosed } from './confusables.ts'

export type NormalText = {
  text: string
  /** For each UTF-16 unit of `text`, where its character begins and ends in the original. */
  starts: number[]
  ends: number[]
}

// Marks of Indic scripts are vowels and stay. Other marks are decoration, and removed with invisible characters.
const removed =
  /^(?:[\p{Mn}\p{Me}](?<![\u0900-\u0dff])|\p{Cf}|[\u093c\u0a3c\u0abc]|\u115f|\u1160|\u3164|\u034f|[\ufe00-\ufe0f])$/u

const cache = new Map<string, string>()

function plain(char: string): string {
  let out = ''
  for (const part of char.normalize('NFKD').toLowerCase().normalize('NFKD')) {
    if (removed.test(part)) continue
    // People write candrabindu and anusvara for each other.
    if (part === '\u0901') out += '\u0902'
    else out += confusables.get(part) ?? enclosed(part.codePointAt(0)!) ?? part
  }
  if (/^\s+$/.test(out)) return ' '
  // One Arabic ligature decomposes to eighteen letters. Such a character is no disguised letter.
  return out.length > 4 ? char : out
}

function plainOf(char: string): string {
  const seen = cache.get(char)
  if (seen !== undefined) return seen
  const made = plain(char)
  // Bounded: texts of rare characters must not fill the memory.
  if (cache.size < 2_000) cache.set(char, made)
  return made
}

export function normalise(original: string): NormalText {
  const starts: number[] = []
  const ends: number[] = []
  let text = ''
  let start = 0
  for (const char of original) {
    const end = start + char.length
    const made = plainOf(char)
    // A removed character belongs to the one before it, so that a mask covers it too.
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
