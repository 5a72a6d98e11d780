// What a task of the running instance says of itself: why its deliveries cannot succeed, and what waits.
import type { Task } from '#kit/define-task.ts'

export interface Readiness {
  problem?: string
  notes?: Record<string, string>
}

/**
 * Undefined where it does not run and has nothing that may wait. One that works by the clock may: it does so now, so that it can
 * say what is left.
 */
export async function readinessOf(
  control: string,
  { name, every }: Pick<Task, 'name' | 'every'>,
): Promise<Readiness | undefined> {
  const said = await ask(control, name)
  if (said || !every) return said
  await fetch(`${control}/ticks/${name}`, { method: 'POST' })
  return ask(control, name)
}

/** Milliseconds. A function that hangs must not keep what the others say. */
const patience = 5000

async function ask(control: string, task: string): Promise<Readiness | undefined> {
  const signal = AbortSignal.timeout(patience)
  try {
    const said = await fetch(`${control}/functions/${task}/health/readiness`, { signal })
    return said.status === 404 ? undefined : ((await said.json()) as Readiness)
  } catch {
    return { problem: `its process gave no answer in ${patience} ms` }
  }
}
