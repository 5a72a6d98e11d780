import type { FormEvent } from '#kafka/define-event.ts'
import type { Log } from '#kafka/log/port.ts'
import { signatureOf } from '#kit/door-signature.ts'

/** Adds the endpoint's signature to each appended submission. Without a secret it returns `log` itself. */
export function signedLog(log: Log, secret: string | undefined): Log {
  if (!secret) return log
  return {
    append(topic, event) {
      const doorsignature = signatureOf(
        event as FormEvent<{ answers: Record<string, unknown> }>,
        secret,
      )
      return log.append(topic, event.cloneWith({ doorsignature }, false) as FormEvent)
    },
    consume: (subscription) => log.consume(subscription),
    ready: () => log.ready(),
    close: () => log.close(),
  }
}
