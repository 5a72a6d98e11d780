// What reconcile asks the running instance for: to read the log, to deliver an event once more, to write what waits.
import { setTimeout as delay } from 'node:timers/promises'
import type { Message } from '#kafka/wire.ts'
import type { Instance } from '../instance.ts'
import { linesOf } from '../lines.ts'

type Running = Pick<Instance, 'control'>

/** All records that a topic holds now. */
export async function* readLog(
  { control }: Running,
  topic: string,
  begin: (total: number) => void,
): AsyncGenerator<Message> {
  const answer = await fetch(`${control}/topics/${topic}/records`)
  if (!answer.ok) throw new Error(`The topic ${topic} cannot be read: ${await answer.text()}`)
  begin(Number(answer.headers.get('formstream-total')))
  for await (const line of linesOf(answer)) yield JSON.parse(line)
}

/** False where the task finally refused it: it is a dead letter then. */
export async function deliverTo(
  { control }: Running,
  task: string,
  { headers, body }: Message,
): Promise<boolean> {
  const answer = await fetch(`${control}/deliveries/${task}`, { method: 'POST', headers, body })
  await answer.body?.cancel()
  return answer.ok
}

/** The sheets task writes all that may be written; resolves when it stands, or has failed. */
export async function tick({ control }: Running): Promise<void> {
  await fetch(`${control}/ticks/sheets`, { method: 'POST' })
}

/** How long it may take no event off the log before nobody waits for it any more. */
const patience = 30_000

/** Resolves to 0 when the task has settled all events, or else to how many it does not settle. */
export async function settled({ control }: Running, task: string): Promise<number> {
  let least = Number.POSITIVE_INFINITY
  for (let since = performance.now(); performance.now() - since < patience; await delay(200)) {
    const lags = (await (await fetch(`${control}/lag`)).json()) as Record<string, number>
    const lag = lags[task] ?? 0
    if (lag === 0) return 0
    if (lag < least) since = performance.now()
    least = Math.min(least, lag)
  }
  return least
}
