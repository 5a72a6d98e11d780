// Sends each open dead letter to the task that failed, with its id, once. A letter that fails again becomes a new dead letter.
// Letters that cannot be sent are listed with the reason and delay no other letter.
import { setTimeout as delay } from 'node:timers/promises'
import { deadLetter } from '#kafka/events.ts'
import type { Log } from '#kafka/log/port.ts'
import { openReading } from '../read-topic.ts'
import { type Claims, openClaims } from './claims.ts'
import { type DeadLetter, type LetterSummary, summaryOf, toDeadLetter } from './dead-letter.ts'

export interface ReplayOptions {
  log: Log
  /** Names of the existing tasks. */
  tasks: readonly string[]
  /** Returns false if the address of the letter's task is unknown. Default: all are known. */
  reachable?: (letter: DeadLetter) => boolean
  /** Delivers with retries. Returns false if the letter became a dead letter again. */
  deliver: (task: string, letter: DeadLetter) => Promise<boolean>
  /** Restricts the replay to the letters of one task. */
  task?: string | undefined
  /** Lists what would be done, and does nothing. */
  dryRun: boolean
  /** Discards letters instead of sending them: a position, an id, or `unreadable`. */
  discard?: string | undefined
  /** Stops the replay; letters already being sent are completed. */
  signal?: AbortSignal
}

/** One line of a replay's output. */
export type ReplayedLetter = LetterSummary & { result: string }

/** Enough for a task that is only busy. Faults that persist should show at once. */
export const replayRetries = 2

const lettersAtOnce = 20

type Report = (letter: ReplayedLetter) => void

export async function replay(options: ReplayOptions, report: Report): Promise<void> {
  const { log, tasks, task } = options
  if (task !== undefined && !tasks.includes(task)) {
    throw new Error(`Expected one of the tasks ${tasks.join(', ')}, found "${task}"`)
  }
  const claims = await openClaims(log)
  try {
    await replayAll(options, claims, report)
  } finally {
    await claims.close()
  }
}

/** Letters that are written during the replay are left for the next one. */
async function replayAll(options: ReplayOptions, claims: Claims, report: Report): Promise<void> {
  const { log, discard, signal } = options
  const { read, close } = await openReading(log, deadLetter.name, lettersAtOnce)
  let [failure, found]: [unknown, boolean] = [undefined, false]
  await read(async (record) => {
    const letter = toDeadLetter(record)
    if (failure || signal?.aborted || !isSelected(letter, options)) return
    try {
      const result = await replayOne(letter, options, claims)
      if (!result) return
      found = true
      report({ ...summaryOf(letter), result })
    } catch (error) {
      failure ??= error
    }
  })
  await close()
  if (failure) throw failure
  if (discard && discard !== 'unreadable' && !found) {
    throw new Error(`Expected the position or id of an open dead letter, found "${discard}"`)
  }
}

function isSelected(letter: DeadLetter, { task, discard }: ReplayOptions): boolean {
  if (task !== undefined && task !== letter.task) return false
  if (discard === undefined) return true
  if (discard === 'unreadable') return letter.unreadable !== undefined
  return [letter.position, letter.id].includes(discard)
}

/** Returns the result for the output; undefined if the letter was already done. */
async function replayOne(
  letter: DeadLetter,
  options: ReplayOptions,
  claims: Claims,
): Promise<string | undefined> {
  const { tasks, dryRun, discard } = options
  const state = claims.stateOf(letter.key)
  if (state === 'done') return undefined
  if (state === 'claimed') return inHand
  const discards = discard !== undefined
  if (!discards && letter.unreadable) return 'unreadable'
  if (!discards && !tasks.includes(letter.task ?? '')) return 'no such task'
  if (!discards && options.reachable?.(letter) === false) return 'no address'
  if (dryRun) return discards ? 'would be discarded' : 'would be sent'
  if (!(await claims.claim(letter.key))) return inHand
  const result = discards ? 'discarded' : await send(letter, options, claims)
  await complete(claims, letter, result)
  return result
}

/** Another replay has claimed the letter: it is running, or was killed in the last ten minutes. */
const inHand = 'in hand'

async function send(
  letter: DeadLetter,
  { deliver }: ReplayOptions,
  claims: Claims,
): Promise<string> {
  try {
    return (await deliver(letter.task as string, letter)) ? 'handled' : 'dead letter again'
  } catch (error) {
    await claims.release(letter.key).catch(() => {})
    throw error
  }
}

const maxAttempts = 30
const retryDelay = 1000

/** Retried, because a letter that was sent but not completed would be sent twice. */
async function complete(claims: Claims, letter: DeadLetter, result: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await claims.complete(letter.key, result)
    } catch (cause) {
      if (attempt < maxAttempts) await delay(retryDelay)
      else {
        const expected = `Expected to note that dead letter ${letter.position} was ${result}`
        throw new Error(`${expected}, found: ${(cause as Error).message}`, { cause })
      }
    }
  }
}
