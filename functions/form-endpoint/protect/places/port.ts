// The places of forms with a limit: each submission holds one, so that no form accepts more than its limit.

/** The submission `id` of a form. */
export interface Holder {
  form: string
  id: string
}

export interface Places {
  /**
   * Resolves with true if the submission has a place: a free one, or the one it has already. A repeat shares the place of the
   * first request, and each of the two may give it back.
   */
  take(holder: Holder, limit: number): Promise<boolean>
  /** For a request that took a place but certainly stored nothing. The place is free when all requests have given it back. */
  giveBack(holder: Holder): Promise<void>
  /** Resolves with true if another submission would get no place. */
  isFull(form: string, limit: number): Promise<boolean>
  close(): Promise<void>
}
