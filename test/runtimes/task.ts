// The task that the runtimes serve. It echoes the answers, or fails in the way that the answer `fail` names.
import { submissionValidated } from '#kafka/events.ts'
import { defineTask } from '#kit/define-task.ts'
import { Rejected, RetryLater } from '#kit/errors.ts'

export default defineTask({
  name: 'echo',
  on: submissionValidated,
  emits: [submissionValidated],
  everyForm: true,
  async handle({ event }) {
    const { version = '', answers = {} } = event.data ?? {}
    if (answers.fail === 'rejected') throw new Rejected('No tab of that name')
    if (answers.fail === 'retry-later') throw new RetryLater('The quota is used up')
    // faas-js-runtime would answer with the `code` of an error as the status.
    if (answers.fail === 'fault') throw Object.assign(new Error('xyzzy'), { code: 201 })
    return [submissionValidated({ version, answers })]
  },
})
