// The state of each dead letter, as events on a topic of its own: a replay claims a letter before it sends it and completes it
// after. All replays read the claims in the same order, so of two concurrent claims both replays see the same one win.
import { randomUUID } from 'node:crypto'
import { CloudEvent } from 'cloudevents'
import { toMessage } from '#kafka/binary-mode.ts'
import { replayed } from '#kafka/events.ts'
import type { Log, LogRecord } from '#kafka/log/port.ts'
import { trackEnds } from '../topic-ends.ts'

export type LetterState = 'open' | 'claimed' | 'done'

export interface Claims {
  stateOf: (letter: string) => LetterState
  /** Returns false if the letter is done or another replay has claimed it. */
  claim: (letter: string) => Promise<boolean>
  /** Marks the letter as done: no replay sends it again. */
  complete: (letter: string, result: string) => Promise<void>
  /** Gives up the claim on a letter that was not sent. */
  release: (letter: string) => Promise<void>
  close: () => Promise<void>
}

/** Milliseconds until a claim expires. A replay that was killed may or may not have sent the letters it had claimed. */
const claimLifetime = 600_000

const types = {
  claimed: 'formstream.letter.claimed',
  done: 'formstream.letter.settled',
  released: 'formstream.letter.released',
}

interface Claim {
  replay: string
  /** Milliseconds since 1970. */
  since: number
}

export async function openClaims(log: Log, now: () => number = Date.now): Promise<Claims> {
  const replay = randomUUID()
  const ledger = new ClaimLedger()
  const pending = new Map<string, (won: boolean) => void>()

  async function apply({ headers }: LogRecord): Promise<void> {
    const { 'ce-type': type, 'ce-subject': letter = '', 'ce-replay': by = '' } = headers
    if (type === types.done) ledger.complete(letter)
    if (type === types.released) ledger.release(letter, by)
    if (type !== types.claimed) return
    const won = ledger.claim(letter, { replay: by, since: Date.parse(headers['ce-time'] ?? '') })
    if (by === replay) pending.get(letter)?.(won)
  }

  const append = (type: string, letter: string, data: object = {}): Promise<void> =>
    log.append(replayed.name, {
      ...toMessage(
        new CloudEvent({
          type,
          source: '/replay',
          subject: letter,
          time: new Date(now()).toISOString(),
          datacontenttype: 'application/json',
          partitionkey: letter,
          replay,
          data,
        }),
      ),
      key: letter,
    })

  const close = await followClaims(log, apply)
  return {
    stateOf: (letter) => ledger.stateOf(letter, now()),
    async claim(letter) {
      const won = Promise.withResolvers<boolean>()
      pending.set(letter, won.resolve)
      await append(types.claimed, letter)
      return won.promise
    },
    complete: (letter, result) => append(types.done, letter, { result }),
    release: (letter) => append(types.released, letter),
    close,
  }
}

/** Resolves when all existing claims have been read; later ones are read as they come. Returns the function that ends this. */
async function followClaims(
  log: Log,
  handle: (record: LogRecord) => Promise<void>,
): Promise<() => Promise<void>> {
  const ends = trackEnds()
  const consumer = await log.consume({
    topic: replayed.name,
    from: 'earliest',
    inFlight: 100,
    handle,
    passed: ends.passed,
  })
  async function close(): Promise<void> {
    ends.close()
    await consumer.close()
  }
  try {
    await ends.begin(consumer)
    await ends.reached
    return close
  } catch (error) {
    await close()
    throw error
  }
}

/** Decides from the events and their times alone, so every replay that reads them decides the same. */
class ClaimLedger {
  #done = new Set<string>()
  #claims = new Map<string, Claim>()

  stateOf(letter: string, now: number): LetterState {
    if (this.#done.has(letter)) return 'done'
    const claim = this.#claims.get(letter)
    return claim && Math.abs(now - claim.since) < claimLifetime ? 'claimed' : 'open'
  }

  claim(letter: string, claim: Claim): boolean {
    const won = this.stateOf(letter, claim.since) === 'open'
    if (won) this.#claims.set(letter, claim)
    return won
  }

  release(letter: string, replay: string): void {
    if (this.#claims.get(letter)?.replay === replay) this.#claims.delete(letter)
  }

  complete(letter: string): void {
    this.#done.add(letter)
  }
}
