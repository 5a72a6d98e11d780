import specs from '@asyncapi/specs'
import { expect, test } from '@jest/globals'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import { eventsOf, topicsOf } from '#kafka/define-event.ts'
import * as declared from '#kafka/events.ts'
import { findTasks } from '#kit/find-tasks.ts'
import { asyncapi } from './asyncapi.ts'

interface Description {
  asyncapi: string
  channels: Record<string, { address: string; messages: Record<string, { $ref: string }> }>
  operations: Record<
    string,
    { action: string; channel: { $ref: string }; messages: { $ref: string }[] }
  >
  components: { messages: Record<string, { name: string; payload: object }> }
}

const tasks = await findTasks()
const described = JSON.parse(JSON.stringify(asyncapi(tasks))) as Description

const at = (reference: string): unknown =>
  reference
    .slice('#/'.length)
    .split('/')
    .reduce<unknown>((part, key) => (part as Record<string, unknown> | undefined)?.[key], described)

test('the description is valid AsyncAPI 3.0', () => {
  // Without ids, all references of the schema point into the schema itself.
  const ajv = new Ajv({ strict: false, allErrors: true })
  addFormats.default(ajv)
  const validate = ajv.compile(specs.schemasWithoutId['3.0.0'] as object)
  validate(described)
  expect(validate.errors ?? []).toEqual([])
  expect(validate({ ...described, channels: { a: { address: 5 } } })).toBe(false)
})

test('every topic is a channel, every event a message of the channel of its topic', () => {
  const addresses = Object.values(described.channels).map(({ address }) => address)
  expect(addresses.toSorted()).toEqual(
    topicsOf(declared)
      .map(({ name }) => name)
      .toSorted(),
  )
  for (const { type, topic } of eventsOf(declared)) {
    const channel = Object.values(described.channels).find(({ address }) => address === topic.name)
    const names = Object.values(channel?.messages ?? {}).map(({ $ref }) => at($ref))
    expect(names).toContainEqual(expect.objectContaining({ name: type }))
  }
})

test('each task receives its events and sends those of its topic', () => {
  const names = ({ messages }: { messages: { $ref: string }[] }) =>
    messages.map(({ $ref }) => (at((at($ref) as { $ref: string }).$ref) as { name: string }).name)
  for (const { name, on, emits } of tasks) {
    const own = Object.entries(described.operations)
    const receives = own.filter(([key]) => key.startsWith(`${name}-receives`))
    const sends = own.filter(([key]) => key === `${name}-sends`)
    const typesOf = (operations: typeof own) => operations.flatMap(([, one]) => names(one))
    expect(typesOf(receives)).toEqual(on.map(({ type }) => type))
    expect(typesOf(sends)).toEqual(emits.map(({ type }) => type))
    expect(new Set(receives.map(([, { action }]) => action))).toEqual(new Set(['receive']))
    expect(sends.every(([, { action }]) => action === 'send')).toBe(true)
  }
})

test('every reference can be resolved, and every payload is a schema', () => {
  const references = [...JSON.stringify(described).matchAll(/"\$ref":"(#\/[^"]+)"/g)]
  expect(references.length).toBeGreaterThan(0)
  for (const [, reference = ''] of references)
    expect([reference, at(reference)]).toEqual([reference, expect.anything()])
  for (const { payload } of Object.values(described.components.messages)) {
    expect(payload).toMatchObject({ type: 'object' })
  }
})
