// What a producer of a lane rejects with where no repeat of the batch can help.

/** The log does not take the batch. `tooLarge`: fewer records may pass; else nothing passes until a person changes it. */
export class Refused extends Error {
  override name = 'Refused'
  tooLarge: boolean
  /** An earlier try of the same call may have been written. */
  begun: boolean

  constructor(message: string, options: ErrorOptions & { tooLarge: boolean; begun: boolean }) {
    super(message, options)
    this.tooLarge = options.tooLarge
    this.begun = options.begun
  }
}
