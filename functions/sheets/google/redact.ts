// Cuts from Google's messages what they quote from cells: answers of people must not reach logs and notes.

/** Texts that are not quotes, or quotes that cannot be of a cell. */
const harmless = [
  /[^"'“”„«‘`\r\n]/,
  // An apostrophe.
  /(?<=\p{L})'(?=\p{L})/u,
  // A position in the request: at 'requests[2].update_cells'.
  /(?<=\bat )'requests\[[\w.[\]]+'/,
  // A tab that the form's file names: 'My tab'!A1.
  /'(?:[^'\r\n]|'')*'!/,
  /(?<=sheet with the name )"[^"\r\n]*"/,
  // A quota.
  /(?<=\b(?:metric|limit|service|consumer) )'[^'\r\n]*'/,
]
const harmlessStart = new RegExp(`^(?:${harmless.map(({ source }) => source).join('|')})*`, 'u')

/** A refused value follows, in quotes or, if it is a number, without. */
const beforeRefusedValue = /^.*?Invalid value at '[^']*'(?: \([^()]*\))?/

/** Characters: a proxy may answer with a whole page. */
const maxLength = 2000

/** The message up to the first text that may be of a cell; `…` marks the cut. */
export function redactMessage(message: string): string {
  const start = beforeRefusedValue.exec(message)?.[0] ?? message.slice(0, maxLength)
  const kept = harmlessStart.exec(start)?.[0] ?? ''
  return kept === message ? message : `${kept.trimEnd()}…`
}
