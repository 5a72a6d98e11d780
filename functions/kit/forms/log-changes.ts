// Logs which forms a running process begins or ceases to serve.
import type { Logger } from 'pino'
import type { Forms } from './load-forms.ts'

/** For `onChange` of loadForms. */
export function changeLogger(
  forms: Pick<Forms, 'all' | 'get'>,
  logger: Logger,
): (changed: string[]) => void {
  const served = new Set(forms.all().map(({ id }) => id))
  return (changed) => {
    for (const id of changed) {
      const form = forms.get(id)
      if (form) {
        const what = served.has(id) ? 'serves the changed form' : 'serves the new form'
        logger.info({ form: id, version: form.version }, what)
        served.add(id)
      } else {
        logger.info({ form: id }, 'serves the form no more')
        served.delete(id)
      }
    }
  }
}
