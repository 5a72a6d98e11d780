// What the task remembers about addresses: how many mails they got in the last hour, and which of them mail servers refuse.

/** An address, and the form whose mail it got. */
export interface Recipient {
  form: string
  address: string
}

/** Holds hashes of addresses, and forgets them. Each method throws `RetryLater` if the store cannot be used. */
export interface Records {
  /** Resolves with true if the mail is one of the first few to the address within an hour, over all forms. `id`: of the mail. */
  admit(address: string, id: string): Promise<boolean>
  isRefused(recipient: Recipient): Promise<boolean>
  /** No mail of the form goes to the address for a while. */
  refuse(recipient: Recipient): Promise<void>
  /** Why the store cannot be used now. */
  problem(): string | undefined
  close(): Promise<void>
}

/** Mails to one address within `hour`, ms. */
export const maxPerHour = 5
export const hour = 3_600_000
/** How long a refused address gets no mail of the form, ms. */
export const refusalTime = 30 * 24 * hour
