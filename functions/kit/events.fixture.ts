// Test fixtures: events, their messages, a form, a folder and loggers.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CloudEvent, HTTP } from 'cloudevents'
import { type Logger, pino } from 'pino'
import { type Draft, type FormEvent, toEvent } from '#kafka/define-event.ts'
import { submissionSubmitted } from '#kafka/events.ts'
import { formOf } from './forms/form.fixture.ts'
import type { Form } from './forms/form.ts'

export const silent = pino({ level: 'silent' })

/** `lines` returns what the logger has written so far. */
export function makeLog(): { log: Logger; lines: () => Record<string, unknown>[] } {
  const written: string[] = []
  const log = pino({ base: null }, { write: (line) => written.push(line) })
  return { log, lines: () => written.map((line) => JSON.parse(line)) }
}

type Attributes = Partial<Parameters<typeof toEvent>[1]>

/** An event of the submission `s-1` to the form `demo`. */
export const eventOf = <Data>(draft: Draft<Data>, attributes: Attributes = {}): FormEvent<Data> =>
  toEvent(draft, {
    id: 's-1',
    source: '/forms/demo',
    subject: 's-1',
    time: '2026-01-02T03:04:05.000Z',
    form: 'demo',
    ...attributes,
  })

export const submittedEvent = (attributes: Attributes = {}): FormEvent =>
  eventOf(submissionSubmitted({ answers: { item1: 'a' } }), attributes) as FormEvent

/** The event in binary mode, as the SDK writes it. */
export function wireOf(event: FormEvent): { headers: Record<string, string>; body: string } {
  const { headers, body } = HTTP.binary(new CloudEvent(event))
  return { headers: headers as Record<string, string>, body: String(body) }
}

/** The form `demo` with two text fields. `tasks`: options by task name. */
export const demoForm = (tasks: Record<string, unknown> = {}): Form => ({
  ...formOf({ item1: '{ type: text }', item2: '{ type: text, required: false }' }),
  id: 'demo',
  tasks,
})

/** Runs `work` with a temporary folder. */
export async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'formstream-kit-'))
  await work(folder).finally(() => rm(folder, { recursive: true, force: true }))
}
