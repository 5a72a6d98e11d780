// A kind of hostile input: made from chance, sent as bytes over a connection of its own.
import type { Random } from '../sheets/random.ts'

/** `forms` compiles the text of a form's file that is posted to it; the others are servers of the product. */
export type Target = 'door' | 'validation' | 'sink' | 'dead-letter' | 'forms'

export interface Input {
  message: string | Buffer
  /** Left open after the message: the server has to end it. Else this side is ended. */
  open?: boolean
}

export interface Kind {
  name: string
  target: Target
  make: (random: Random) => Input
}

/** What a file of `kinds/` exports. */
export type Make = (random: Random) => Input | string | Buffer

export const kindsOf = (target: Target, makes: Record<string, Make>): Kind[] =>
  Object.entries(makes).map(([name, make]) => ({
    name,
    target,
    make(random) {
      const made = make(random)
      return typeof made === 'object' && 'message' in made ? made : { message: made }
    },
  }))
