// Makes answers from the names and values of an HTML form.
import { malformed } from '../problem.ts'
import { decoderOf } from './charset.ts'

/** Texts are bytes: one character for each, as Buffer's encoding latin1 has it. */
export interface Pair {
  name: string
  value: string
  /** The encoding of this value, if the client declares it. */
  charset?: string | undefined
}

/** Most names of a form body. Far more than any form needs, and few enough to be read at once. */
export const maxPairs = 10_000

export const tooManyPairs = () => malformed(`Expected at most ${maxPairs} names`)

/**
 * A name that is sent several times has a list of values. `charset`: as the request declares it. Browsers write the encoding that
 * they used into a field of the name `_charset_`: https://html.spec.whatwg.org/#naming-form-controls:-the-name-attribute
 */
export function answersIn(pairs: Pair[], charset: string | undefined): object {
  const used = pairs.find(({ name }) => name === '_charset_')?.value
  const decode = decoderOf(used || charset || 'utf-8')
  // Without a prototype, so that the name __proto__ is a name like others.
  const answers: Record<string, string | string[]> = Object.create(null)
  for (const { name, value, charset: own } of pairs) {
    const key = decode(name)
    const text = own === undefined ? decode(value) : decoderOf(own)(value)
    const before = answers[key]
    if (before === undefined) answers[key] = text
    else if (Array.isArray(before)) before.push(text)
    else answers[key] = [before, text]
  }
  return answers
}
