// Finds the event that a task is to run on: in a file, or in the topics of the task by its id or the id of its submission.
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { attributesOf, type Message } from '#kafka/binary-mode.ts'
import type { FormEvent, Topic } from '#kafka/define-event.ts'
import { submissionFailed } from '#kafka/events.ts'
import { toFailed } from '#kit/dead-letters.ts'
import { type AnyTask, inputsOf } from '#kit/define-task.ts'
import { readRecord } from '#kit/http/read-event.ts'
import { plainRecordType } from '#kit/plain-record.ts'
import { printable } from '#kit/printable.ts'
import type { Topics } from './open-topics.ts'

export interface FoundEvent {
  event: FormEvent
  /** As the log or the file has it. */
  record: Message
  /** Topic or file. */
  place: string
}

export const isFile = (text: string): boolean => text.endsWith('.json') || existsSync(text)

/** A CloudEvent in JSON, as `npm run events -- tail` and this command print it. */
export async function readEventFile(file: string): Promise<FoundEvent> {
  const body = await readFile(file, 'utf8').catch((cause) => {
    throw new Error(`Expected a file with an event at ${file}, found: ${cause.message}`, { cause })
  })
  if (!isJson(body)) {
    const found = body.trim() ? 'several, or other text' : 'an empty file'
    throw new Error(`Expected one event in JSON in ${file}, found ${found}`)
  }
  const record = { headers: { 'content-type': 'application/cloudevents+json' }, body }
  try {
    return { event: readRecord(record), record, place: file }
  } catch (cause) {
    throw new Error(`${file}: ${(cause as Error).message}`, { cause })
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

interface Wanted {
  /** Of the event, or of its submission. */
  id: string
  task: AnyTask
  /** Default: all that the task reads. */
  topic: Topic | undefined
}

interface Match {
  topic: string
  type: string
  id: string
  record: Message
}

/** Throws if there is none, or several that the task handles. */
export async function findEvent(topics: Topics, { id, task, topic }: Wanted): Promise<FoundEvent> {
  const searched = topic ? [topic] : inputsOf(task)
  const matches = new Map<string, Match>()
  let read = 0
  for (const one of searched) {
    await topics.read(one, (record) => {
      read += 1
      const match = matchOf(record, id)
      // A repeat of an event has its id.
      if (match) matches.set(`${one.name} ${match.id}`, { ...match, topic: one.name })
    })
  }
  const names = searched.map(({ name }) => name).join(', ')
  const found = choose([...matches.values()], { id, task })
  if (found.length === 0) {
    const expected = `Expected an event or a submission "${printable(id)}" on ${names}`
    throw new Error(`${expected} of ${topics.name}, found none among ${read} records`)
  }
  const [match] = found as [Match, ...Match[]]
  if (found.length > 1) throw new Error(several(id, found))
  return { event: readRecord(match.record), record: match.record, place: match.topic }
}

function matchOf(record: Message, wanted: string): Omit<Match, 'topic'> | undefined {
  const { id, subject, type } = attributesOf(record.headers)
  if (id !== wanted && subject !== wanted) return undefined
  return { id: String(id), type: String(type), record }
}

/** The event with the id itself before others of the submission, and those that the task handles before others. */
function choose(matches: Match[], { id, task }: Pick<Wanted, 'id' | 'task'>): Match[] {
  const own = matches.filter((match) => match.id === id)
  const candidates = own.length > 0 ? own : matches
  const handled = candidates.filter(({ record }) => handledBy(task, readAttributes(record)))
  return handled.length > 0 ? handled : candidates
}

const readAttributes = ({ headers }: Message): FormEvent => attributesOf(headers) as FormEvent

/** Whether the task handles events of this type. A dead letter has the type of the event that failed. */
export function handledBy({ on }: AnyTask, event: FormEvent): boolean {
  const types = on.map(({ type }) => type)
  if (types.includes(event.type)) return true
  const isLetter = types.includes(submissionFailed.type) && toFailed(event) !== undefined
  return isLetter || event.type === plainRecordType
}

function several(id: string, matches: Match[]): string {
  const lines = matches.map(
    ({ id: own, type, topic }) => `  ${printable(own)}  ${printable(type)}  ${topic}`,
  )
  return [
    `Expected one event for "${printable(id)}", found ${matches.length}: name one by its id or its --topic`,
    ...lines,
  ].join('\n')
}
