import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Logger } from 'pino'
import type { Task } from '#kit/define-task.ts'
import { functionsFolder, knownTasks } from '#kit/find-tasks.ts'
import { type FormProblem, problemText } from '#kit/forms/form-problems.ts'
import { type Forms, loadForms } from '#kit/forms/load-forms.ts'
import { changeLogger } from '#kit/forms/log-changes.ts'
import { keepChecked } from '../../local/knative/checked-forms.ts'

interface Folders {
  formsDir: string
  /** For copies of the valid form files: the next start uses them for files that are wrong by then. */
  checkedDir: string
}

/** Loads the forms, follows their changes, and keeps the copies up to date. */
export async function openForms(
  { formsDir, checkedDir }: Folders,
  tasks: Task[],
  logger: Logger,
): Promise<Forms> {
  const forms: Forms = await loadForms(formsDir, {
    knownTasks: knownTasks(tasks),
    checkedIn: checkedDir,
    onError: (problem) => logger.error(problemText(problem) + restartHint(problem, tasks)),
    onWarning: (warning) => logger.warn(problemText(warning)),
    async onChange(changed) {
      logChanges(changed)
      await keepCopies()
    },
  })
  const logChanges = changeLogger(forms, logger)
  await keepCopies()
  return forms

  async function keepCopies(): Promise<void> {
    await keepChecked(checkedDir, formsDir, forms.all()).catch((error) =>
      logger.error(
        `Expected to keep copies of the forms in ${checkedDir}, found: ${error.message}`,
      ),
    )
  }
}

/** Tasks are found at the start: a form may list one whose folder was added since. */
function restartHint({ path }: FormProblem, tasks: Task[]): string {
  const task = /^tasks\.([a-z0-9-]+)$/.exec(path)?.[1]
  if (task === undefined || tasks.some(({ name }) => name === task)) return ''
  const isThere = existsSync(join(functionsFolder, task, 'task.ts'))
  return isThere ? `; functions/${task}/ is there: restart to run it` : ''
}
