import { inputsOf, type Task } from '#kit/define-task.ts'

/** A form that the endpoint serves. */
export interface ServedForm {
  id: string
  tasks: string[]
}

interface Running {
  endpoint: string
  /** Address of the Sheets emulator, if it runs. */
  sheets: string | undefined
  /** Address of the mailbox, if it runs. */
  mails: string | undefined
  forms: ServedForm[]
  tasks: Task[]
  dataDir: string
}

/** Prints where `npm start` can be reached, the tasks of each form, and commands to try. */
export function printAddresses({ endpoint, sheets, mails, forms, tasks, dataDir }: Running): void {
  const lines = [
    '',
    '  Formstream is running. A form opens in a browser; POST to the same address submits it.',
    '',
  ]
  for (const form of forms) {
    lines.push(`  form    ${endpoint}/forms/${form.id}   ${form.tasks.join(', ')}`)
  }
  if (sheets) lines.push(`  sheets  ${sheets}/   (emulator: no Google credentials given)`)
  if (mails)
    lines.push(`  mails   ${mails}/   (mailbox: no SMTP_URL given, so no mail leaves this machine)`)
  const topics = new Set(
    tasks.flatMap((task) => [...inputsOf(task), ...task.emits.map(({ topic }) => topic)]),
  )
  lines.push(
    `  topics  ${[...topics].map(({ name }) => name).join('  ')}`,
    `  data    ${dataDir}`,
    '',
  )
  lines.push(
    '  Or try:',
    `    curl ${endpoint}/forms/demo --json '{"item1":"hello","item2":"world"}'`,
  )
  lines.push('    npm run events -- tail forms.analyzed', '')
  process.stdout.write(`${lines.join('\n')}\n`)
}
