// The port to a running installation: it reads the log and makes the task work.
import type { Message } from '#kafka/binary-mode.ts'

export interface Instance {
  /** All events that a topic has now. `begin` is called with their number. */
  records(topic: string, begin: (total: number) => void): AsyncIterable<Message>
  /** Number of events that each task has yet to handle. */
  lag(): Promise<Record<string, number>>
  /** Runs what the task does on its schedule; for the sheets task, a flush. */
  tick(task: string): Promise<boolean>
  /** Delivers an event once more. False if the task rejected it: it is a dead letter then. */
  deliver(task: string, event: Message): Promise<boolean>
}

/** Shows the progress of one step. */
export interface ProgressBar {
  begin(total: number): void
  add(count: number): void
  end(): void
}
