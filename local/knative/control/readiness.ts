// What a task of the running instance says of itself: why its deliveries cannot succeed, and what waits.
import type { Task } from '#kit/define-task.ts'
import type { InstanceClient } from './instance-client.ts'

export interface Readiness {
  problem?: string
  notes?: Record<string, string>
}

/**
 * Undefined where it does not run and has nothing that may wait. One that works by the clock may: it does so now, so that it can
 * say what is left.
 */
export async function readinessOf(
  instance: Pick<InstanceClient, 'askFunction' | 'tick'>,
  { name, every }: Pick<Task, 'name' | 'every'>,
): Promise<Readiness | undefined> {
  const said = await ask(instance, name)
  if (said || !every) return said
  await instance.tick(name)
  return ask(instance, name)
}

/** Milliseconds. A function that hangs must not keep what the others say. */
const patience = 5000

async function ask(
  { askFunction }: Pick<InstanceClient, 'askFunction'>,
  task: string,
): Promise<Readiness | undefined> {
  const signal = AbortSignal.timeout(patience)
  try {
    const said = await askFunction(task, '/health/readiness', signal)
    return said.status === 404 ? undefined : ((await said.json()) as Readiness)
  } catch {
    return { problem: `its process gave no answer in ${patience} ms` }
  }
}
