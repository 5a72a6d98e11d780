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
  /** Whether the server may answer so. `answer`: all that it sent. */
  mayAnswer: (status: number, answer: string) => boolean
}

/** Makes the whole input, or only its message. */
export type Make = (random: Random) => Input | string | Buffer

/** The kinds of one target, by name. Each file in `kinds/` exports such a list as its default. */
export const kindsOf = (
  target: Target,
  makes: Record<string, Make>,
  mayAnswer: Kind['mayAnswer'] = (status) => status < 500 || isExpected(target, status),
): Kind[] =>
  Object.entries(makes).map(([name, make]) => ({
    name,
    target,
    mayAnswer,
    make(random) {
      const made = make(random)
      return typeof made === 'object' && 'message' in made ? made : { message: made }
    },
  }))

/** A task answers 503 to events of forms that it does not know: the form may not be mounted yet. */
const isExpected = (target: Target, status: number): boolean =>
  target === 'validation' && status === 503

/** Kinds of requests that the endpoint must refuse with 4xx. `isRight`: also checks the answer. */
export const badRequests = (
  makes: Record<string, Make>,
  isRight: (answer: string) => boolean = () => true,
): Kind[] =>
  kindsOf('endpoint', makes, (status, answer) => status >= 400 && status < 500 && isRight(answer))
