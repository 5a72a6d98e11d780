// Finds out what the sheets task would write for an event, by running the task with a buffer that stores nothing.
import type { Message } from '#kafka/binary-mode.ts'
import type { Closable, Task } from '#kit/define-task.ts'
import { deliver } from '#kit/deliver.ts'
import type { Forms } from '#kit/forms/load-forms.ts'
import { readEvent } from '#kit/http/read-event.ts'
import { createLogger } from '#kit/logger.ts'
import type { Entry } from '../row.ts'

export interface PlannedRow {
  spreadsheet: string
  entry: Entry
}

/** Resolves to undefined for an event that makes no row. Rejects if the task would reject the event. */
export type DryRun = (event: Message) => Promise<PlannedRow | undefined>

export async function createDryRun(task: Task, forms: Pick<Forms, 'get'>): Promise<DryRun> {
  const log = await createLogger('fatal')
  return async ({ headers, body }) => {
    let planned: PlannedRow | undefined
    const clients: Closable & { add: (spreadsheet: string, entry: Entry) => Promise<void> } = {
      async add(spreadsheet, entry) {
        planned = { spreadsheet, entry }
      },
    }
    await deliver(task, readEvent(headers, body), { forms, clients, publish: async () => {}, log })
    return planned
  }
}
