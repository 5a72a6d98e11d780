// The error of a case: what the task did wrong and how to mend it.

export class Nonconformity extends Error {
  override name = 'Nonconformity'

  /** `wrong` and `mend`: sentences. */
  constructor(wrong: string, mend: string) {
    super(`${wrong}\nTo mend it: ${mend}`)
  }
}
