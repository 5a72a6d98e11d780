// What `npm start` says when it is up: the addresses, what runs for which form, and a first command to try.

import type { Task } from '#kit/define-task.ts'
import type { Form } from '#kit/forms/form.ts'

interface Greeting {
  endpoint: string
  sheets: string | undefined
  forms: Form[]
  tasks: Task[]
  dataDir: string
}

export function greet({ endpoint, sheets, forms, tasks, dataDir }: Greeting): void {
  const lines = ['', '  Formstream is running', '']
  for (const form of forms) {
    lines.push(`  form    ${endpoint}/forms/${form.id}   ${Object.keys(form.tasks).join(', ')}`)
  }
  if (sheets) lines.push(`  sheets  ${sheets}/   (emulator: no Google credentials given)`)
  const topics = new Set(
    tasks.flatMap(({ on, emits }) => [on.topic.name, ...emits.map((e) => e.topic.name)]),
  )
  lines.push(`  topics  ${[...topics].join('  ')}`, `  data    ${dataDir}`, '')
  lines.push('  Try:', `    curl ${endpoint}/forms/demo --json '{"item1":"hello","item2":"world"}'`)
  lines.push('    npm run events -- tail forms.analyzed', '')
  process.stdout.write(`${lines.join('\n')}\n`)
}
