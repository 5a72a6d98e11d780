// What became of each dead letter, on a topic of its own: a replay claims a letter before it sends it, and says what came of it
// after. All replays read the claims in one order, so of two that run at once one has the letter.
import { randomUUID } from 'node:crypto'
import { CloudEvent } from 'cloudevents'
import type { FormEvent } from '#kafka/define-event.ts'
import { replayed } from '#kafka/events.ts'
import type { Log, LogRecord } from '#kafka/log/port.ts'
import { toEnds } from '../topic-ends.ts'

export type State = 'open' | 'claimed' | 'settled'

export interface Settlements {
  stateOf: (letter: string) => State
  /** False where the letter is settled, or another replay has it. */
  claim: (letter: string) => Promise<boolean>
  /** No replay sends it again. */
  settle: (letter: string, result: string) => Promise<void>
  /** It was not sent: any replay may claim it. */
  release: (letter: string) => Promise<void>
  close: () => Promise<void>
}

/** Milliseconds that a claim holds: a replay that was killed in between may have sent the letter, or not. */
const claimedFor = 600_000

const types = {
  claimed: 'formstream.letter.claimed',
  settled: 'formstream.letter.settled',
  released: 'formstream.letter.released',
}

interface Holder {
  replay: string
  /** Milliseconds since 1970. */
  since: number
}

export async function openSettlements(
  log: Log,
  now: () => number = Date.now,
): Promise<Settlements> {
  const replay = randomUUID()
  const settled = new Set<string>()
  const holders = new Map<string, Holder>()
  const claims = new Map<string, (won: boolean) => void>()

  const holds = (holder: Holder | undefined, at: number): boolean =>
    holder !== undefined && Math.abs(at - holder.since) < claimedFor

  function take({ headers }: LogRecord): void {
    const { 'ce-type': type, 'ce-subject': letter = '', 'ce-replay': by = '' } = headers
    if (type === types.settled) settled.add(letter)
    if (type === types.released && holders.get(letter)?.replay === by) holders.delete(letter)
    if (type === types.claimed) takeClaim(letter, by, Date.parse(headers['ce-time'] ?? ''))
  }

  /** Only what stands in the log decides, so all who read it decide alike. */
  function takeClaim(letter: string, by: string, since: number): void {
    const won = !settled.has(letter) && !holds(holders.get(letter), since)
    if (won) holders.set(letter, { replay: by, since })
    if (by === replay) claims.get(letter)?.(won)
  }

  const append = (type: string, letter: string, data: object): Promise<void> =>
    log.append(
      replayed.name,
      new CloudEvent<unknown>({
        type,
        source: '/replay',
        subject: letter,
        time: new Date(now()).toISOString(),
        datacontenttype: 'application/json',
        partitionkey: letter,
        replay,
        data,
      }) as FormEvent,
    )

  const ends = toEnds()
  const consumer = await log.consume({
    topic: replayed.name,
    from: 'earliest',
    inFlight: 100,
    handle: async (record) => take(record),
    passed: ends.passed,
  })
  async function close(): Promise<void> {
    ends.close()
    await consumer.close()
  }

  try {
    await ends.begin(consumer)
    await ends.reached
  } catch (error) {
    await close()
    throw error
  }

  return {
    stateOf: (letter) =>
      settled.has(letter) ? 'settled' : holds(holders.get(letter), now()) ? 'claimed' : 'open',
    async claim(letter) {
      const won = Promise.withResolvers<boolean>()
      claims.set(letter, won.resolve)
      await append(types.claimed, letter, {})
      return won.promise
    },
    settle: (letter, result) => append(types.settled, letter, { result }),
    release: (letter) => append(types.released, letter, {}),
    close,
  }
}
