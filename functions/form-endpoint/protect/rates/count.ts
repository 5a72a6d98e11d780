// What is counted for rates.
import type { Rate } from '#kit/forms/sections/protect.ts'

export type Kind = 'address' | 'email' | 'form'

export interface Use {
  kind: Kind
  key: string
  rate: Rate
}

export interface Count {
  /** Uses in this window, with this one. */
  current: number
  /** Milliseconds until the window ends. */
  ttl: number
}
