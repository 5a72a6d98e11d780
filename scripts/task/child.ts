// The process in which `npm run task` runs a task: opens it as its bundle does, gives it one event, and reports.
import { once } from 'node:events'
import { url as debuggerUrl } from 'node:inspector'
import { parseArgs } from 'node:util'
import type { Message } from '#kafka/binary-mode.ts'
import { findTask } from '#kit/find-tasks.ts'
import { readRecord } from '#kit/http/read-event.ts'
import { openTask } from '#kit/open-task.ts'
import { dryEffects } from './dry-effects.ts'
import { type Report, toFailure } from './report.ts'

const flag = { type: 'boolean', default: false } as const
const { values, positionals } = parseArgs({
  options: { dry: flag, inspect: flag },
  allowPositionals: true,
})
// Files of a task may contain answers of people.
process.umask(0o077)
const report = (line: Report) => process.send?.(line)
const notStarted = (text: string) => report({ failure: 'Not started', text, ms: 0 })

const [record] = (await once(process, 'message')) as [Message]
if (values.inspect && !debuggerUrl()) {
  // Node goes on without a debugger then: effects would happen while somebody waits for a breakpoint.
  notStarted('Expected port 9229 to be free for the debugger, found it in use')
} else await run()
process.disconnect()

async function run(): Promise<void> {
  const [name = ''] = positionals
  const task = await findTask(name)
  const avoid = (effect: string) => report({ avoided: `have the effect ${effect}` })
  const effects = values.dry ? dryEffects(avoid) : undefined
  const open = await openTask(task, process.env, { effects }).catch((error: Error) =>
    notStarted(error.message),
  )
  if (typeof open !== 'object') return
  const began = performance.now()
  const passed = () => performance.now() - began
  await open.deliver(readRecord(record)).then(
    (outcome) => report({ outcome, ms: passed() }),
    (error) => report(toFailure(error, passed())),
  )
  // A task may do its work after a delivery was acknowledged: sheets writes rows then.
  await open.close()
}
