// Sends dead letters back to the task that failed, ids kept, each once. What fails again is a dead letter again, with the new
// reason. What cannot be sent is listed with why, and holds up nothing.
import { setTimeout as delay } from 'node:timers/promises'
import { deadLetter } from '#kafka/events.ts'
import type { Log } from '#kafka/log/port.ts'
import { shown } from '#kit/printable.ts'
import { openReading } from '../read-topic.ts'
import { openSettlements, type Settlements } from './claims.ts'
import { type DeadLetter, toDeadLetter } from './dead-letter.ts'

export interface ReplayOptions {
  log: Log
  /** The tasks that there are. */
  tasks: readonly string[]
  /** False where nobody knows the address of its task; without it each is known. */
  reachable?: (letter: DeadLetter) => boolean
  /** Delivers by the rules of a source. False where it failed: it is a dead letter again. */
  deliver: (task: string, letter: DeadLetter) => Promise<boolean>
  /** Only the dead letters of this task. */
  task?: string | undefined
  /** Only shows what would be done. */
  dryRun: boolean
  /** Sends nothing, and settles these: a letter by its place or id, or `unreadable`. */
  discard?: string | undefined
  /** Takes no further letter; those under way are settled. */
  signal?: AbortSignal
}

/** A retry or two for what is only busy; a fault that is still there should be seen at once. */
export const retries = 2

const lettersAtOnce = 20

type Report = (line: object) => void

export async function replay(options: ReplayOptions, report: Report): Promise<void> {
  const { log, tasks, task } = options
  if (task !== undefined && !tasks.includes(task)) {
    throw new Error(`Expected one of the tasks ${tasks.join(', ')}, found "${task}"`)
  }
  const settlements = await openSettlements(log)
  try {
    await replayAll(options, settlements, report)
  } finally {
    await settlements.close()
  }
}

/** Letters that this replay writes come after those it began with: they are for the next one. */
async function replayAll(
  options: ReplayOptions,
  settlements: Settlements,
  report: Report,
): Promise<void> {
  const { log, discard, signal } = options
  const { read, close } = await openReading(log, deadLetter.name, lettersAtOnce)
  let [failed, found]: [unknown, boolean] = [undefined, false]
  await read(async (record) => {
    const letter = toDeadLetter(record)
    if (failed || signal?.aborted || !isMeant(letter, options)) return
    try {
      const result = await settleOne(letter, options, settlements)
      if (!result) return
      found = true
      report({ ...lineOf(letter), result })
    } catch (error) {
      failed ??= error
    }
  })
  await close()
  if (failed) throw failed
  if (discard && discard !== 'unreadable' && !found) {
    throw new Error(`Expected the place or id of a dead letter that is open, found "${discard}"`)
  }
}

const isMeant = ({ task, id, place, unreadable }: DeadLetter, options: ReplayOptions): boolean => {
  const { discard } = options
  if (options.task !== undefined && task !== options.task) return false
  if (discard === undefined) return true
  return discard === 'unreadable' ? unreadable !== undefined : [place, id].includes(discard)
}

/** It is printed on terminals, and anybody may have written it. */
const lineOf = ({ place, reason, unreadable, ...said }: DeadLetter): object => ({
  task: ofOthers(said.task),
  place,
  id: shown(said.id),
  type: ofOthers(said.type),
  form: ofOthers(said.form),
  reason: unreadable ? `${unreadable}; ${reason}` : reason,
})

const ofOthers = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : shown(text)

/** What was done with it; undefined where it is settled. */
async function settleOne(
  letter: DeadLetter,
  options: ReplayOptions,
  settlements: Settlements,
): Promise<string | undefined> {
  const { tasks, dryRun, discard } = options
  const state = settlements.stateOf(letter.key)
  if (state === 'settled') return undefined
  if (state === 'claimed') return inHand
  const discards = discard !== undefined
  if (!discards && letter.unreadable) return 'unreadable'
  if (!discards && !tasks.includes(letter.task ?? '')) return 'no such task'
  if (!discards && options.reachable?.(letter) === false) return 'no address'
  if (dryRun) return discards ? 'would be discarded' : 'would be sent'
  if (!(await settlements.claim(letter.key))) return inHand
  const result = discards ? 'discarded' : await send(letter, options, settlements)
  await settle(settlements, letter, result)
  return result
}

/** Claimed by another replay: one that runs, or one that was killed in the last ten minutes. */
const inHand = 'in hand'

async function send(
  letter: DeadLetter,
  { deliver }: ReplayOptions,
  settlements: Settlements,
): Promise<string> {
  try {
    return (await deliver(letter.task as string, letter)) ? 'handled' : 'dead letter again'
  } catch (error) {
    // This process ends.
    await settlements.release(letter.key).catch(() => {})
    throw error
  }
}

const tries = 30

/** It has been sent: to forget that would send it twice. */
async function settle(
  settlements: Settlements,
  { key, place }: DeadLetter,
  result: string,
): Promise<void> {
  for (let n = 1; ; n++) {
    try {
      return await settlements.settle(key, result)
    } catch (cause) {
      const expected = `Expected the log to keep that the dead letter ${place} was ${result}`
      if (n === tries) throw new Error(`${expected}, found: ${(cause as Error).message}`, { cause })
      await delay(1000)
    }
  }
}
