// Faults of the SMTP server, on demand, for tests and demos.
import * as z from 'zod'

/** How often a fault occurs: a share of the mails, 0 to 1, or only the `next` ones. */
const error = 'expected a share from 0 to 1, or { "next": <number of mails> }'
const share = z.number().min(0, error).max(1, error)
const next = z.int(error).min(0, error)
const occurrence = z.union([share, z.strictObject({ next })], error).default(0)

const shape = {
  /** RCPT TO gets 450. */
  rcpt4xx: occurrence,
  /** RCPT TO gets 550: no such recipient. */
  rcpt5xx: occurrence,
  /** The first mail of each pair of sender and recipient gets 451, later ones are accepted. */
  greylist: occurrence,
  /** DATA gets 451; the mail is not kept. */
  data4xx: occurrence,
  /** DATA gets 554; the mail is not kept. */
  data5xx: occurrence,
  /** DATA gets no answer for `hangSeconds`, then 451; the mail is not kept. */
  hang: occurrence,
  /** The mail is kept, but the connection breaks before the answer to DATA. */
  lostAnswer: occurrence,
  hangSeconds: z.number().min(0).max(3600).default(60),
}

export const Faults = z.strictObject(shape, {
  error: ({ code }) =>
    code === 'unrecognized_keys' ? `expected only ${Object.keys(shape).join(', ')}` : undefined,
})
export type Faults = z.output<typeof Faults>
export type FaultName = Exclude<keyof Faults, 'hangSeconds'>

/** What is set, and how often each fault occurred since then. */
export interface FaultReport {
  set: Faults
  occurred: Partial<Record<FaultName, number>>
}

export function createFaults() {
  let faults = Faults.parse({})
  let occurred: FaultReport['occurred'] = {}
  const greeted = new Set<string>()

  function occurs(name: FaultName): boolean {
    const often = faults[name]
    const now = typeof often === 'number' ? Math.random() < often : often.next > 0
    if (!now) return false
    if (typeof often !== 'number') often.next -= 1
    occurred[name] = (occurred[name] ?? 0) + 1
    return true
  }

  return {
    report: (): FaultReport => ({ set: faults, occurred }),

    /** Faults that are left out no longer occur. */
    set(wanted: Faults): void {
      faults = structuredClone(wanted)
      occurred = {}
      greeted.clear()
    },

    occurs,

    hangMs: () => faults.hangSeconds * 1000,

    /** True if this mail must be tried again. */
    greylists(sender: string, recipient: string): boolean {
      if (faults.greylist === 0) return false
      const pair = JSON.stringify([sender, recipient])
      if (greeted.has(pair)) return false
      greeted.add(pair)
      return occurs('greylist')
    },
  }
}

export type FaultSwitch = ReturnType<typeof createFaults>
