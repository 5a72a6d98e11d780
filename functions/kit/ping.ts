// A tick of a task's schedule: the event that Knative's PingSource posts, and this machine in its place.
import { CloudEvent } from 'cloudevents'
import { type Message, toMessage } from '#kafka/binary-mode.ts'

export const pingType = 'dev.knative.sources.ping'

/** Each has an id of its own. */
export const pingOf = (task: string): Message =>
  toMessage(
    new CloudEvent({
      type: pingType,
      source: `/apis/v1/namespaces/local/pingsources/${task}`,
      datacontenttype: 'application/json',
      data: {},
    }),
  )
