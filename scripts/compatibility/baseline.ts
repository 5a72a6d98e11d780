// The schemas that the check of compatibility compares: those of all events, and of the answers to the product's forms.
import { isDeepStrictEqual } from 'node:util'
import * as z from 'zod'
import type { EventType } from '#kafka/define-event.ts'
import { deadLetter } from '#kafka/events.ts'
import { visiblePattern } from '#kit/forms/field-parts/visible-text.ts'
import type { Form } from '#kit/forms/form.ts'
import type { Schema } from './json-schema.ts'

export interface Baseline {
  /** By type. */
  events: Record<string, { topic: string; data: Schema }>
  /** Of the answers, by id. */
  forms: Record<string, Schema>
}

export function baselineOf(events: EventType[], forms: Form[]): Baseline {
  // A dead letter has the data of the event that failed.
  const written = events.filter(({ topic }) => topic !== deadLetter)
  return {
    events: byName(
      written.map(({ type, topic, data }) => [
        type,
        { topic: topic.name, data: withoutNotes(z.toJSONSchema(data, { io: 'output' })) as Schema },
      ]),
    ),
    forms: byName(forms.map(({ id, jsonSchema }) => [id, withoutNotes(jsonSchema) as Schema])),
  }
}

const byName = <Value>(entries: [string, Value][]): Record<string, Value> =>
  Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)))

const notes = ['$schema', 'title', 'description', 'default', 'examples']

/**
 * Without what only describes, and without the pattern of visible text, which every text has and Unicode extends. Fields may be
 * named like a note.
 */
function withoutNotes(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutNotes)
  if (typeof schema !== 'object' || schema === null) return schema
  const bare = Object.entries(schema).flatMap(([key, value]) => {
    if (notes.includes(key) || value === visiblePattern) return []
    if (key === 'properties') return [[key, ofEach(value)]]
    return isVisibleOnly(key, value) ? [] : [[key, withoutNotes(value)]]
  })
  return Object.fromEntries(bare)
}

const isVisibleOnly = (key: string, value: unknown): boolean =>
  key === 'allOf' && isDeepStrictEqual(value, [{ pattern: visiblePattern }])

const ofEach = (properties: object): object =>
  Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, withoutNotes(one)]))
