// The task that every runtime serves: echoes the answers of a submission, or ends as they say.
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
    if (answers.end === 'rejected') throw new Rejected('No tab of that name')
    if (answers.end === 'later') throw new RetryLater('The quota is used up')
    // faas-js-runtime takes the code of an error for a status.
    if (answers.end === 'fault') throw Object.assign(new Error('xyzzy'), { code: 201 })
    return [submissionValidated({ version, answers })]
  },
})
