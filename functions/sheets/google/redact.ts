// Google's messages without the cells that they quote: those are answers of people, and messages reach logs and notes.

/** What may stand in quotes, or is no quote: all else that is quoted may be of a cell. */
const harmless = [
  /[^"'“”„«‘`\r\n]/,
  // An apostrophe.
  /(?<=\p{L})'(?=\p{L})/u,
  // Where in the request: at 'requests[2].update_cells'.
  /(?<=\bat )'requests\[[\w.[\]]+'/,
  // A tab, which the form's file names: 'My tab'!A1.
  /'(?:[^'\r\n]|'')*'!/,
  /(?<=sheet with the name )"[^"\r\n]*"/,
  // Of a quota.
  /(?<=\b(?:metric|limit|service|consumer) )'[^'\r\n]*'/,
]
const beginning = new RegExp(`^(?:${harmless.map(({ source }) => source).join('|')})*`, 'u')

/** The value that is refused follows, in quotes or, where it is a number, without. */
const refusedValue = /^.*?Invalid value at '[^']*'(?: \([^()]*\))?/

/** Characters: a proxy may answer with a whole page. */
const most = 2000

/** Up to the first that may be of a cell. */
export function reasonIn(message: string): string {
  const whole = refusedValue.exec(message)?.[0] ?? message.slice(0, most)
  const kept = beginning.exec(whole)?.[0] ?? ''
  return kept === message ? message : `${kept.trimEnd()}…`
}
