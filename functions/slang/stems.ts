// Stems that are also found inside longer words, such as `unfuckingbelievable`.

// No ordinary word or name is known to contain them.
const stems = [
  ...['fuck', 'asshole', 'arsehole', 'bullshit', 'shithead', 'dickhead', 'cocksuck', 'motherfuk'],
  ...[
    'bhenchod',
    'behenchod',
    'bahenchod',
    'madarchod',
    'chutiya',
    'chutiye',
    'bhosdik',
    'bhosdiv',
  ],
]

// For text in which no letter is repeated more than twice, which keeps matching linear.
const stemPattern = new RegExp(
  stems.map((stem) => `(${[...stem].join('+').replace(/(.)\+\1/g, '$1$1')}+)`).join('|'),
)

function matchStem(word: string): RegExpExecArray | null {
  if (word.length < 4) return null
  return stemPattern.exec(word.replace(/(.)\1{2,}/g, '$1$1').replace(/w/g, 'v'))
}

/** The stem that a word contains. */
export function findStem(word: string): string | undefined {
  const found = matchStem(word)
  return found ? stems[found.slice(1).findIndex((group) => group !== undefined)] : undefined
}

export const beginsWithStem = (word: string) => matchStem(word)?.index === 0
