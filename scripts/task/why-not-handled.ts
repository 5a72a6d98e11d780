// Why a task does not handle an event: completes what the kit only counts as skipped or expired.
import type { FormEvent } from '#kafka/define-event.ts'
import { failedTask } from '#kit/dead-letters.ts'
import type { AnyTask } from '#kit/define-task.ts'
import type { Outcome } from '#kit/deliver.ts'
import { loadForms } from '#kit/forms/load-forms.ts'

export function wrongType({ name, on }: AnyTask, event: FormEvent): string {
  const types = on.map(({ type }) => type).join(', ')
  return `Expected an event that ${name} handles (${types}), found ${event.type}`
}

/** `formsDir`: the forms that the task ran with. */
export async function whyNotHandled(
  outcome: Exclude<Outcome, 'done'>,
  { task, event, formsDir }: { task: AnyTask; event: FormEvent; formsDir: string },
): Promise<string> {
  if (outcome === 'expired') {
    return `Expected a submission of the last ${task.maxAge} seconds (maxAge of ${task.name}), found one of ${event.time}`
  }
  if (failedTask(event.knativeerrordest) === task.name) {
    return `Expected a dead letter of another task, found one of ${task.name}, which it skips`
  }
  const forms = await loadForms(formsDir, { knownTasks: {}, others: 'unchecked' })
  forms.close()
  const listed = Object.keys(forms.get(event.form)?.tasks ?? {})
  return `Expected the form ${event.form} to list the task ${task.name}, found ${listed.join(', ') || 'no tasks'}`
}
