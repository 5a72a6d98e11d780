// What a log may know of an error: its name, its code and where it was thrown. Messages of JSON.parse, of clients and of databases quote
// what they were given, and that may be an answer.

import { isNativeError } from 'node:util/types'

export interface ErrorFacts {
  name: string
  /** As `ECONNREFUSED`, which Node and most libraries set. */
  code?: string
  at?: string[]
  cause?: ErrorFacts
}

const mostFrames = 5
const deepestCause = 3

export function factsOf(error: unknown, depth = 0): ErrorFacts {
  if (!isError(error)) return { name: typeof error }
  const { name, cause } = error
  const { code } = error as { code?: unknown }
  const at = framesOf(error)
  return {
    name,
    ...(typeof code === 'string' && /^[A-Z][A-Z0-9_]*$/.test(code) && { code }),
    ...(at.length > 0 && { at }),
    ...(isError(cause) && depth < deepestCause && { cause: factsOf(cause, depth + 1) }),
  }
}

/** Also of another realm, and what the Web's interfaces throw. */
const isError = (error: unknown): error is Error => isNativeError(error) || error instanceof Error

/** The message stands before the frames, and may look like one. */
function framesOf({ stack = '', message }: Error): string[] {
  const frames = stack.slice(stack.indexOf(message) + message.length).split('\n')
  return frames
    .filter((line) => /^ {4}at .*:\d+:\d+\)?$/.test(line))
    .slice(0, mostFrames)
    .map((line) => line.trim())
}
