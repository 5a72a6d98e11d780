// Test fixture: the endpoint with a form of several types, and posts of an HTML form to it.
import { answersOf, makeApp } from '../app.fixture.ts'

const file = `title: Demo
fields:
  name: { type: text }
  lines: { type: multiline, required: false }
  age: { type: integer, required: false }
  some: { type: multi-choice, options: [a, b, c], required: false }
  one: { type: choice, options: [a, b], required: false }
  box: { type: boolean, required: false }
`

export interface Outcome {
  status: number
  /** Undefined if nothing was stored. */
  answers: unknown
  detail?: string
  errors?: Record<string, string>
}

/** Sends a body to the endpoint. One character of a text is one byte. */
export async function send(body: string | Buffer, type: string): Promise<Outcome> {
  const { app, appended } = await makeApp({ files: { 'demo.yaml': file } })
  const answer = await app.inject({
    method: 'POST',
    url: '/forms/demo',
    headers: { 'content-type': type },
    payload: typeof body === 'string' ? Buffer.from(body, 'latin1') : body,
  })
  const { detail, errors } = answer.json()
  return {
    status: answer.statusCode,
    answers: answersOf(appended),
    ...(detail && { detail }),
    ...(errors && { errors }),
  }
}

export const accepted = (answers: object): Outcome => ({ status: 202, answers })
