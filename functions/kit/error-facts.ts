// The facts of an error that may be logged: its name, its code and where it was thrown. Messages of JSON.parse, HTTP clients and
// databases quote their input, which may be an answer of a person.
import { isNativeError } from 'node:util/types'

export interface ErrorFacts {
  name: string
  /** Such as `ECONNREFUSED`, set by Node and most libraries. */
  code?: string
  /** The first stack frames. */
  at?: string[]
  cause?: ErrorFacts
}

const maxFrames = 5
const maxCauses = 3

export function factsOf(error: unknown, depth = 0): ErrorFacts {
  if (!isError(error)) return { name: typeof error }
  const { name, cause } = error
  const { code } = error as { code?: unknown }
  const at = framesOf(error)
  return {
    name,
    ...(typeof code === 'string' && /^[A-Z][A-Z0-9_]*$/.test(code) && { code }),
    ...(at.length > 0 && { at }),
    ...(isError(cause) && depth < maxCauses && { cause: factsOf(cause, depth + 1) }),
  }
}

/** `isNativeError` knows errors of other realms; `instanceof` knows DOMException. */
const isError = (error: unknown): error is Error => isNativeError(error) || error instanceof Error

/** The stack begins with the message, which may contain lines that look like frames. */
function framesOf({ stack = '', message }: Error): string[] {
  const frames = stack.slice(stack.indexOf(message) + message.length).split('\n')
  return frames
    .filter((line) => /^ {4}at .*:\d+:\d+\)?$/.test(line))
    .slice(0, maxFrames)
    .map((line) => line.trim())
}
