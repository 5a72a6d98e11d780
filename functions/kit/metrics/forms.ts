import { Gauge, type Registry } from 'prom-client'
import type { FormProblem } from '../forms/form-problems.ts'
import { wrongFiles } from '../forms/form-problems.ts'

export function countWrongForms(registry: Registry, forms: { problems(): FormProblem[] }): void {
  new Gauge({
    name: 'formstream_forms_wrong',
    help: 'Forms whose file is wrong: an older version is served, or none',
    registers: [registry],
    collect() {
      this.set(wrongFiles(forms.problems()).length)
    },
  })
}
