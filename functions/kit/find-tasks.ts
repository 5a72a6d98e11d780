// Finds the tasks: every folder in functions/ with a task.ts.
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Task } from './define-task.ts'
import type { KnownTasks, TaskRules } from './forms/task-rules.ts'

export const functionsFolder = join(import.meta.dirname, '..')

export async function findTasks(folder = functionsFolder): Promise<Task[]> {
  const entries = (await readdir(folder)).toSorted()
  const names = entries.filter((name) => existsSync(join(folder, name, 'task.ts')))
  return Promise.all(names.map((name) => findTask(name, folder)))
}

/** The tasks that run in a cluster. */
export const findClusterTasks = async (): Promise<Task[]> =>
  (await findTasks()).filter(({ localOnly }) => localOnly === undefined)

export async function findTask(name: string, folder = functionsFolder): Promise<Task> {
  const file = join(folder, name, 'task.ts')
  const { default: task } = await load(file)
  if (task?.name !== name) {
    const found = task ? `name '${task.name}'` : 'no default export'
    throw new Error(
      `${file}: expected a default export defineTask({ name: '${name}' }), found ${found}`,
    )
  }
  await checkSchedule(task, file)
  return task
}

async function load(file: string): Promise<{ default?: Task }> {
  try {
    return await import(pathToFileURL(file).href)
  } catch (cause) {
    // Node's message for a failed import does not always name the file.
    throw new Error(`${file}: ${(cause as Error).message}`, { cause })
  }
}

async function checkSchedule({ every }: Task, file: string): Promise<void> {
  if (!every) return
  // Imported only here, as most tasks have no schedule.
  const { CronPattern } = await import('croner')
  try {
    new CronPattern(every.schedule)
  } catch (cause) {
    throw new Error(`${file}: expected a cron schedule, found "${every.schedule}"`, { cause })
  }
}

/** Rules for checking form files, by task name. */
export function knownTasks(tasks: Task[]): KnownTasks {
  return Object.fromEntries(tasks.map((task) => [task.name, rulesOf(task)]))
}

const rulesOf = ({ options, fieldsIn, checkForm, warnForm, clash }: Task): TaskRules => ({
  options,
  ...(fieldsIn && { fieldsIn }),
  ...(checkForm && { check: checkForm }),
  ...(warnForm && { warn: warnForm }),
  ...(clash && { clash }),
})
