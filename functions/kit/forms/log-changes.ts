// Logs which forms a running process begins or ceases to serve.
import type { Logger } from 'pino'
import type { Forms } from './load-forms.ts'

/** For `onChange` of loadForms. */
export function changeLogger(
  forms: Pick<Forms, 'all' | 'get'>,
  logger: Logger,
): (changed: string[]) => void {
  const served = new Map(forms.all().map(({ id, version }) => [id, version]))
  return (changed) => {
    for (const id of changed) {
      const form = forms.get(id)
      if (form) {
        const { version } = form
        logger.info({ form: id, version }, messageOf(served.get(id), version))
        served.set(id, version)
      } else {
        logger.info({ form: id }, 'serves the form no more')
        served.delete(id)
      }
    }
  }
}

function messageOf(before: string | undefined, version: string): string {
  if (before === undefined) return 'serves the new form'
  return before === version ? 'the file of the form is right again' : 'serves the changed form'
}
