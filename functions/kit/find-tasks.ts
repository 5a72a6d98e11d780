// Finds the tasks: every folder below functions/ that holds a task.ts. They are listed nowhere.
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

export async function findTask(name: string, folder = functionsFolder): Promise<Task> {
  const file = join(folder, name, 'task.ts')
  const { default: task } = await load(file)
  if (task?.name !== name) {
    throw new Error(
      `${file}: expected a default export defineTask({ name: '${name}' }), found ${found(task)}`,
    )
  }
  await checkSchedule(task, file)
  return task
}

async function load(file: string): Promise<{ default?: Task }> {
  try {
    return await import(pathToFileURL(file).href)
  } catch (cause) {
    // What Node says of a wrong import names no file.
    throw new Error(`${file}: ${(cause as Error).message}`, { cause })
  }
}

// Loaded here, not above: most functions have no schedule, and none of them keeps time itself.
async function checkSchedule({ every }: Task, file: string): Promise<void> {
  if (!every) return
  const { CronPattern } = await import('croner')
  try {
    new CronPattern(every.schedule)
  } catch (cause) {
    throw new Error(`${file}: expected a schedule of cron, found "${every.schedule}"`, { cause })
  }
}

const found = (task: Task | undefined): string =>
  task ? `name '${task.name}'` : 'no default export'

/** What forms are checked by: what each task says of its options, and of the fields it can take. */
export function knownTasks(tasks: Task[]): KnownTasks {
  return Object.fromEntries(tasks.map((task) => [task.name, rulesOf(task)]))
}

const rulesOf = ({ options, fieldsIn, checkForm, clash }: Task): TaskRules => ({
  options,
  ...(fieldsIn && { fieldsIn }),
  ...(checkForm && { check: checkForm }),
  ...(clash && { clash }),
})
