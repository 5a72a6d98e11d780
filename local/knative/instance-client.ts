// A running `npm start` as the commands and the tests ask it: a method for each thing that it does for them.
import type { Message } from '#kafka/binary-mode.ts'
import { bearer } from '#kit/http/same-machine.ts'
import type { Instance } from './instance.ts'
import { linesOf } from './response-lines.ts'

export type InstanceClient = ReturnType<typeof connectInstance>

interface Watching {
  from?: string
  signal?: AbortSignal
}

interface Skipped {
  task: string
  problem?: string
}

export function connectInstance({ control, token }: Pick<Instance, 'control' | 'token'>) {
  async function ask(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { ...(init.headers as Message['headers']), authorization: bearer(token) }
    return fetch(`${control}${path}`, { ...init, headers })
  }
  async function good(path: string, init?: RequestInit): Promise<Response> {
    const answer = await ask(path, init)
    if (answer.ok) return answer
    throw new Error(`Expected an answer to ${path}, found ${answer.status}: ${await answer.text()}`)
  }
  const json = async <Body>(path: string, init?: RequestInit): Promise<Body> =>
    (await (await good(path, init)).json()) as Body
  const post = { method: 'POST' }

  return {
    /** Events that each task has yet to settle. */
    lag: () => json<Record<string, number>>('/lag'),
    /** Why nothing comes to a task. */
    problems: () => json<Record<string, string>>('/problems'),
    /** The process id of each function that runs. */
    functions: () => json<Record<string, number>>('/functions'),
    /** What a function says of itself; 404 where it does not run. */
    askFunction: (task: string, path: string, signal?: AbortSignal) =>
      ask(`/functions/${task}${path}`, { signal: signal ?? null }),
    /** Events as JSON, as they come. */
    async *watch(
      topic: string,
      { from = 'latest', signal }: Watching = {},
    ): AsyncGenerator<string> {
      yield* linesOf(await good(`/topics/${topic}?from=${from}`, { signal: signal ?? null }))
    },
    /** All that a topic holds now; `begin` hears how many records these are. */
    async *records(topic: string, begin: (total: number) => void): AsyncGenerator<Message> {
      const answer = await good(`/topics/${topic}/records`)
      begin(Number(answer.headers.get('formstream-total')))
      for await (const line of linesOf(answer)) yield JSON.parse(line)
    },
    async *replay(query: URLSearchParams): AsyncGenerator<string> {
      yield* linesOf(await good(`/replay?${query}`, post))
    },
    /** False where the task finally refused it: it is a dead letter then. */
    async deliver(task: string, { headers, body }: Message): Promise<boolean> {
      const answer = await ask(`/deliveries/${task}`, { ...post, headers, body })
      await answer.body?.cancel()
      return answer.ok
    },
    /** The task does now what it does by the clock. False where it has no clock. */
    tick: async (task: string): Promise<boolean> => (await ask(`/ticks/${task}`, post)).ok,
    /** The record becomes a dead letter; for each task that reads the topic, or why not. */
    skip: (topic: string, partition: string, offset: string) =>
      json<Skipped[]>(`/skip/${topic}/${partition}/${offset}`, post),
  }
}
