// Why an SQLite file of this product cannot be used, with its name and what to do about it.

/** By what SQLite says; `errcode` does not come over from a thread. */
const known: [RegExp, (file: string) => string][] = [
  [/database is locked/, (file) => `${file} belongs to another instance that runs`],
  [
    /not a database|malformed/,
    (file) =>
      `Expected ${file} to be whole, found it damaged: put back a copy of it. Moved away (with -wal and -shm), ` +
      'a new one is begun, and what only it held is gone',
  ],
  [
    /readonly|read-only/,
    (file) =>
      `Expected to be able to write ${file}, found it read-only: change its owner or rights`,
  ],
  [
    /unable to open/,
    (file) => `Expected to be able to open ${file}: its folder has to be there and to be writable`,
  ],
  [/full/, (file) => `The disk that ${file} lies on is full: make room on it`],
  [/disk I\/O error/, (file) => `The disk that ${file} lies on fails, or is full`],
]

export function sqliteProblem(file: string, cause: Error): Error {
  const [, explain] = known.find(([pattern]) => pattern.test(cause.message)) ?? []
  return new Error(explain ? `${explain(file)} (${cause.message})` : `${file}: ${cause.message}`, {
    cause,
  })
}
