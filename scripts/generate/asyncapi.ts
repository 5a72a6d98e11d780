import * as z from 'zod'
import { type EventType, eventsOf, topicsOf } from '#kafka/define-event.ts'
import * as declared from '#kafka/events.ts'
import { inputsOf, type Task } from '#kit/define-task.ts'

const ref = (path: string) => ({ $ref: `#/${path}` })

/** Keys in AsyncAPI must not contain dots. */
const key = (name: string): string => name.replaceAll('.', '-')

const eventKey = (event: Pick<EventType, 'type'>): string => event.type.split('.').at(-1) as string

const attributes = z.toJSONSchema(
  z.object({
    'ce-specversion': z.literal('1.0'),
    'ce-id': z
      .string()
      .describe('The submission id at the endpoint; after it <cause id>.<task>.<n>'),
    'ce-source': z.string().describe('/forms/<form> at the endpoint, /tasks/<task> after it'),
    'ce-subject': z.string().describe('The submission id'),
    'ce-time': z.iso.datetime().describe('When the person submitted'),
    'ce-dataschema': z.string(),
    'ce-form': z.string().describe('The id of the form'),
    'ce-partitionkey': z.string().describe('The submission id'),
    'ce-traceparent': z.string().optional(),
    'ce-doorsignature': z
      .string()
      .describe('On a submission, if DOOR_SECRET is set: proves that the endpoint accepted it')
      .optional(),
  }),
)

const withoutDialect = ({ $schema: _, ...schema }: Record<string, unknown>) => schema

function channels(): object {
  const events = eventsOf(declared)
  return Object.fromEntries(
    topicsOf(declared).map((topic) => {
      const own = events.filter((event) => event.topic === topic).map(eventKey)
      const messages = Object.fromEntries(
        own.map((name) => [name, ref(`components/messages/${name}`)]),
      )
      return [key(topic.name), { address: topic.name, messages }]
    }),
  )
}

function messages(): object {
  return Object.fromEntries(
    eventsOf(declared).map((event) => [
      eventKey(event),
      {
        name: event.type,
        summary: event.summary,
        contentType: 'application/json',
        headers: ref('components/schemas/attributes'),
        payload: payloadOf(event),
      },
    ]),
  )
}

/** A dead letter has the data of the event that failed. */
const payloadOf = ({ topic, data }: EventType): object =>
  topic === declared.deadLetter
    ? { type: 'object' }
    : withoutDialect(z.toJSONSchema(data, { io: 'output' }))

function operations(tasks: Task[]): object {
  const operation = (action: 'receive' | 'send', events: readonly EventType[]) => {
    const channel = `channels/${key(events[0]?.topic.name ?? '')}`
    const messages = events.map((event) => ref(`${channel}/messages/${eventKey(event)}`))
    return { action, channel: ref(channel), messages }
  }
  return Object.fromEntries(
    tasks.flatMap((task) => [
      ...receiving(task).map(([name, events]) => [name, operation('receive', events)]),
      ...(task.emits.length > 0 ? [[`${task.name}-sends`, operation('send', task.emits)]] : []),
    ]),
  )
}

/** Names of operations with their events: one for each topic, as an operation has one channel. */
function receiving(task: Task): [name: string, events: EventType[]][] {
  const topics = inputsOf(task)
  return topics.map((topic) => [
    topics.length === 1 ? `${task.name}-receives` : `${task.name}-receives-${key(topic.name)}`,
    task.on.filter((event) => event.topic === topic),
  ])
}

/** The AsyncAPI 3 description: topics are channels, events are messages, tasks receive and send. */
export const asyncapi = (tasks: Task[]): object => ({
  asyncapi: '3.0.0',
  info: {
    title: 'Formstream',
    version: '1',
    description: 'Form submissions as CloudEvents 1.0 in binary mode',
  },
  channels: channels(),
  operations: operations(tasks),
  components: { messages: messages(), schemas: { attributes: withoutDialect(attributes) } },
})
