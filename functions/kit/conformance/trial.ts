// One task under test: its process, its forms, its sink and its world, with the steps that the cases are made of.
import { randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toMessage } from '#kafka/binary-mode.ts'
import { type FormEvent, toEvent } from '#kafka/define-event.ts'
import { submissionSubmitted } from '#kafka/events.ts'
import type { AnyTask } from '../define-task.ts'
import { functionsFolder } from '../find-tasks.ts'
import type { Environment, Given } from './given.ts'
import { Nonconformity } from './nonconformity.ts'
import { Sink } from './sink.ts'
import { type Answer, TaskProcess } from './task-process.ts'
import { listedForm, writeForms } from './trial-forms.ts'
import { waitFor } from './wait-for.ts'

/** What the task did wrong, and how to mend it. */
export type Wrong = [what: string, mend: string]

interface Opened {
  file: string
  folder: string
  sink: Sink
  environment: Environment
  limit: number | undefined
}

export class Trial {
  readonly task: AnyTask
  readonly given: Given
  readonly sink: Sink
  #opened: Opened
  #process: Promise<TaskProcess> | undefined

  constructor(task: AnyTask, given: Given, opened: Opened) {
    this.task = task
    this.given = given
    this.sink = opened.sink
    this.#opened = opened
  }

  /** `file`: the module of the task. `limit`: of each wait, ms. */
  static async open(
    task: AnyTask,
    given: Given,
    { file = join(functionsFolder, task.name, 'task.ts'), limit }: Partial<Opened> = {},
  ): Promise<Trial> {
    const folder = await mkdtemp(join(tmpdir(), 'formstream-conformance-'))
    const FORMS_DIR = join(folder, 'forms')
    await mkdir(FORMS_DIR)
    const sink = await Sink.start()
    const own = { K_SINK: sink.url, FORMS_DIR, DATA_DIR: folder, LOG_LEVEL: 'warn' }
    const environment = { ...own, ...(await given.world?.start()), ...given.environment }
    const trial = new Trial(task, given, { file, folder, sink, environment, limit })
    try {
      const form = typeof given.form === 'string' ? given.form : given.form(environment)
      await writeForms(FORMS_DIR, form, task)
      return trial
    } catch (error) {
      await trial.close()
      throw error
    }
  }

  async close(): Promise<void> {
    await this.kill()
    await this.given.world?.stop()
    this.sink.close()
    await rm(this.#opened.folder, { recursive: true, force: true })
  }

  /** An event of a new submission. `age`: of the submission, ms. */
  newEvent({ form = listedForm, age = 0 } = {}): FormEvent {
    const subject = randomUUID()
    const first = this.given.event.of.type === submissionSubmitted.type
    return toEvent(this.given.event, {
      id: first ? subject : `${subject}.validation.0`,
      source: first ? `/forms/${form}` : '/tasks/validation',
      subject,
      time: new Date(Date.now() - age).toISOString(),
      form,
    })
  }

  /** The process that runs, or a new one. */
  process(): Promise<TaskProcess> {
    this.#process ??= TaskProcess.start(this.#opened.file, this.#opened.environment)
    return this.#process
  }

  /** Called before each case: its errors do not show what the task logged in earlier ones. */
  async forgetLog(): Promise<void> {
    const running = await this.#process?.catch(() => undefined)
    running?.forgetLog()
  }

  /** SIGKILL. The next delivery starts a new process. */
  async kill(): Promise<void> {
    const running = this.forget()
    await (await running?.catch(() => undefined))?.kill()
  }

  /** The next delivery starts a new process. Returns the one that runs. */
  forget(): Promise<TaskProcess> | undefined {
    const running = this.#process
    this.#process = undefined
    return running
  }

  /** One delivery. */
  async deliver(event: FormEvent): Promise<Answer> {
    return (await this.process()).post(toMessage(event))
  }

  /** How many events the task publishes for an event. */
  get expectedEvents(): number {
    return this.given.events ?? Math.min(1, this.task.emits.length)
  }

  async effectsOf(submission: string): Promise<number> {
    return (await this.given.world?.count(submission)) ?? 0
  }

  /** Throws what `wrong` says if the condition does not hold in time. */
  waitFor(holds: () => boolean | Promise<boolean>, wrong: () => Wrong): Promise<void> {
    return waitFor(holds, () => this.wrong(...wrong()), this.#opened.limit)
  }

  /** An error with the end of the task's log. */
  async wrong(...[what, mend]: Wrong): Promise<Nonconformity> {
    const running = await this.#process?.catch(() => undefined)
    return new Nonconformity(what, `${mend}\n${running?.log() ?? 'The task does not run.'}`)
  }
}
