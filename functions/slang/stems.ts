// The few stems that are found inside longer words too: `unfuckingbelievable`.

// So distinctive that no ordinary word or name is known to contain them.
const roots = [
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

// Matched against text in which no letter is repeated more than twice, which keeps it linear.
const rootPattern = new RegExp(
  roots.map((root) => `(${[...root].join('+').replace(/(.)\+\1/g, '$1$1')}+)`).join('|'),
)

function matchRoot(word: string): RegExpExecArray | null {
  if (word.length < 4) return null
  return rootPattern.exec(word.replace(/(.)\1{2,}/g, '$1$1').replace(/w/g, 'v'))
}

/** The root that a word contains. */
export function findRoot(word: string): string | undefined {
  const found = matchRoot(word)
  return found ? roots[found.slice(1).findIndex((group) => group !== undefined)] : undefined
}

export const beginsWithRoot = (word: string) => matchRoot(word)?.index === 0
