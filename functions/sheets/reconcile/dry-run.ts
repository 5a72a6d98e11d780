// What the sheets task would write for an event: asked of the task itself, with a buffer that only takes notes.
import type { Message } from '#kafka/binary-mode.ts'
import type { Closable, Task } from '#kit/define-task.ts'
import { deliver } from '#kit/deliver.ts'
import type { Forms } from '#kit/forms/forms.ts'
import { readEvent } from '#kit/http/read-event.ts'
import { createLogger } from '#kit/logger.ts'
import type { Entry } from '../buffer/port.ts'

export interface Written {
  spreadsheet: string
  entry: Entry
}

export type WouldWrite = (record: Message) => Promise<Written | undefined>

/** Answers undefined for an event that makes no row; throws where the task would refuse it. */
export async function wouldWrite(task: Task, forms: Pick<Forms, 'get'>): Promise<WouldWrite> {
  const log = await createLogger('fatal')
  return async ({ headers, body }) => {
    let written: Written | undefined
    const clients: Closable & { add: (spreadsheet: string, entry: Entry) => Promise<void> } = {
      async add(spreadsheet, entry) {
        written = { spreadsheet, entry }
      },
    }
    await deliver(task, readEvent(headers, body), { forms, clients, publish: async () => {}, log })
    return written
  }
}
