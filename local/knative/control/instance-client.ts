// Typed client of the control API (api.ts), for the commands and the tests.
import type { Message } from '#kafka/binary-mode.ts'
import { bearer } from '#kit/http/same-machine.ts'
import type { ReplayedLetter } from '../replay/replay.ts'
import {
  type FunctionPids,
  type Lag,
  type Problems,
  type ReplayLine,
  type ReplayRequest,
  type SkipOutcome,
  type TopicRecord,
  totalHeader,
  type WatchQuery,
} from './api.ts'
import type { Instance } from './instance-file.ts'
import { readLines } from './json-lines.ts'

export type InstanceClient = ReturnType<typeof connectInstance>

export function connectInstance({ control, token }: Pick<Instance, 'control' | 'token'>) {
  async function request(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { ...(init.headers as Message['headers']), authorization: bearer(token) }
    return fetch(`${control}${path}`, { ...init, headers })
  }
  async function requestOk(path: string, init?: RequestInit): Promise<Response> {
    const response = await request(path, init)
    if (response.ok) return response
    const found = `${response.status}: ${await response.text()}`
    throw new Error(`Expected status 2xx for ${path}, found ${found}`)
  }
  const requestJson = async <Body>(path: string, init?: RequestInit): Promise<Body> =>
    (await (await requestOk(path, init)).json()) as Body
  const post = { method: 'POST' }

  return {
    lag: () => requestJson<Lag>('/lag'),
    problems: () => requestJson<Problems>('/problems'),
    functions: () => requestJson<FunctionPids>('/functions'),
    /** Sends a GET to a function. Status 404 if it is not running. */
    askFunction: (task: string, path: string, signal?: AbortSignal) =>
      request(`/functions/${task}${path}`, { signal: signal ?? null }),
    /** Events as JSON, without end: abort the signal or leave the loop. */
    async *watch(
      topic: string,
      { from = 'latest', signal }: WatchQuery & { signal?: AbortSignal } = {},
    ): AsyncGenerator<string> {
      yield* readLines(await requestOk(`/topics/${topic}?from=${from}`, { signal: signal ?? null }))
    },
    /** All records that a topic holds now. Calls `begin` first, with an upper bound of their number. */
    async *records(topic: string, begin: (total: number) => void): AsyncGenerator<TopicRecord> {
      const response = await requestOk(`/topics/${topic}/records`)
      begin(Number(response.headers.get(totalHeader)))
      for await (const line of readLines(response)) yield JSON.parse(line)
    },
    async *replay({ task, discard, dryRun }: ReplayRequest): AsyncGenerator<ReplayedLetter> {
      const query = new URLSearchParams({ dryRun: String(dryRun) })
      if (task !== undefined) query.set('task', task)
      if (discard !== undefined) query.set('discard', discard)
      for await (const text of readLines(await requestOk(`/replay?${query}`, post))) {
        const line: ReplayLine = JSON.parse(text)
        if ('error' in line) throw new Error(line.error)
        yield line
      }
    },
    /** Returns false if the event became a dead letter. */
    async deliver(task: string, { headers, body }: Message): Promise<boolean> {
      const response = await request(`/deliveries/${task}`, { ...post, headers, body })
      await response.body?.cancel()
      return response.ok
    },
    /** Runs the task's schedule now. Returns false if it has none. */
    tick: async (task: string): Promise<boolean> => (await request(`/ticks/${task}`, post)).ok,
    /** Writes the record to the dead letters, for each task that reads the topic. */
    skip: (topic: string, partition: string, offset: string) =>
      requestJson<SkipOutcome[]>(`/skip/${topic}/${partition}/${offset}`, post),
  }
}
