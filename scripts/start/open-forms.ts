import type { Logger } from 'pino'
import type { Task } from '#kit/define-task.ts'
import { knownTasks } from '#kit/find-tasks.ts'
import { problemText } from '#kit/forms/form-problems.ts'
import { type Forms, loadForms } from '#kit/forms/load-forms.ts'
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
    onError: (problem) => logger.error(problemText(problem)),
    onChange: keepCopies,
  })
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
