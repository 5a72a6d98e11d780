// The readiness of a task of the running instance, for the commands.
import type { Task } from '#kit/define-task.ts'
import type { InstanceClient } from './instance-client.ts'

export interface Readiness {
  /** Why deliveries to the task fail. */
  problem?: string
  /** Notes by subject, for example on the rows that wait in a tab. */
  notes?: Record<string, string>
}

/** Milliseconds. A function that hangs must not block the report on the others. */
const timeout = 5000

/**
 * Returns undefined if the function is not running. A function with a schedule may have stored work, so it is started by a tick
 * if necessary.
 */
export async function readinessOf(
  instance: Pick<InstanceClient, 'askFunction' | 'tick'>,
  { name, every }: Pick<Task, 'name' | 'every'>,
): Promise<Readiness | undefined> {
  const readiness = await ask(instance, name)
  if (readiness || !every) return readiness
  await instance.tick(name)
  return ask(instance, name)
}

async function ask(
  { askFunction }: Pick<InstanceClient, 'askFunction'>,
  task: string,
): Promise<Readiness | undefined> {
  const signal = AbortSignal.timeout(timeout)
  try {
    const response = await askFunction(task, '/health/readiness', signal)
    return response.status === 404 ? undefined : ((await response.json()) as Readiness)
  } catch {
    return { problem: `its process gave no response within ${timeout} ms` }
  }
}
