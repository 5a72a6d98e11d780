// A kind of hostile input. Each input is generated from random numbers and sent as bytes over its own connection.
import type { Random } from '../sheets/random.ts'

/** The server that gets the input. `forms` compiles the text of a form file; the others are servers of the product. */
export type Target = 'endpoint' | 'validation' | 'sink' | 'dead-letter' | 'forms'

export interface Input {
  message: string | Buffer
  /** The client leaves the connection open after the message, so the server has to close it. */
  open?: boolean
}

export interface Kind {
  name: string
  target: Target
  make: (random: Random) => Input
}

/** Makes the whole input, or only its message. */
export type Make = (random: Random) => Input | string | Buffer

/** The kinds of one target, by name. Each file in `kinds/` exports such a list as its default. */
export const kindsOf = (target: Target, makes: Record<string, Make>): Kind[] =>
  Object.entries(makes).map(([name, make]) => ({
    name,
    target,
    make(random) {
      const made = make(random)
      return typeof made === 'object' && 'message' in made ? made : { message: made }
    },
  }))
