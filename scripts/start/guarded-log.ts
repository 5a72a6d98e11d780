import { type Log, LogUnavailable } from '#kafka/log/port.ts'

/** Refuses appends, and is not ready, while `problems` returns any: name to reason. */
export const guardedLog = (log: Log, problems: () => Record<string, string>): Log => ({
  append(topic, event) {
    const [found] = Object.entries(problems())
    if (found === undefined) return log.append(topic, event)
    return Promise.reject(new LogUnavailable(found.join(': '), { begun: false }))
  },
  consume: (subscription) => log.consume(subscription),
  ready: () => Object.keys(problems()).length === 0 && log.ready(),
  close: () => log.close(),
})
