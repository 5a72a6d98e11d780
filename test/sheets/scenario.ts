// The sheets task as a cluster has it: several instances on one Redis, each fed by HTTP with retries, before an emulator with
// Google's quotas. Counts what came of each submission.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { pino } from 'pino'
import { toMessage } from '#kafka/binary-mode.ts'
import { type FormEvent, toEvent } from '#kafka/define-event.ts'
import { submissionValidated } from '#kafka/events.ts'
import { FunctionProcess } from '../../local/knative/function-process.ts'
import { pingOf } from '../../local/knative/schedule.ts'
import { readRows } from '../../scripts/load/sheet.ts'
import { type Emulator, type EmulatorFaults, startEmulator } from './emulator.ts'
import { startRecorded } from './recorded.ts'

export interface Scenario {
  submissions: number
  /** Submissions are spread over so many forms, each with a spreadsheet of its own. */
  forms: number
  instances: number
  /** Submissions a second. */
  rate: number
  /** Of the emulator while the load runs and until all is written. */
  faults: EmulatorFaults
  environment: Record<string, string>
  /** Does its harm while the load runs and is worked off; ends with `over`. Answers how often it struck. */
  harm?: (given: Given) => Promise<number>
  /** Milliseconds without progress after which the count is taken. */
  timeLimit: number
}

export interface Given {
  instances: FunctionProcess[]
  setFaults: Emulator['setFaults']
  stats: Emulator['stats']
  /** Resolves when every submission has been recorded. */
  over: Promise<void>
}

export interface Counts {
  sent: number
  acknowledged: number
  rows: number
  missing: number
  duplicate: number
  /** Rows below one that was submitted after them. */
  outOfOrder: number
  /** As the instances counted them; what one counted that was killed is gone. */
  late: number
  /** Acknowledged submissions without `forms.recorded`, and those with two different ones. */
  unrecorded: number
  conflicting: number
  harm: number
  reads: number
  writes: number
  /** Calls that Google refused for the quota. */
  refused: number
  /** Seconds of the longest time in which no row was recorded, while some waited. */
  stall: number
  seconds: number
}

const main = join(import.meta.dirname, '../../local/knative/serve-task.ts')

export async function run(scenario: Scenario): Promise<Counts> {
  const folder = await mkdtemp(join(tmpdir(), 'formstream-sheets-'))
  const began = performance.now()
  const emulator = await startEmulator(folder)
  const sink = await startRecorded()
  const forms = await writeForms(join(folder, 'forms'), scenario.forms)
  const instances = startInstances(scenario, { folder, emulator: emulator.url, sink: sink.url })
  await emulator.setFaults(scenario.faults)
  const over = Promise.withResolvers<void>()
  const { setFaults, stats } = emulator
  const harming = scenario.harm?.({ instances, setFaults, stats, over: over.promise })
  const acknowledged = await deliverAll(instances, scenario, forms)
  await Promise.race([
    sink.wait(acknowledged.length, scenario.timeLimit),
    tickUntil(instances, over.promise),
  ])
  over.resolve()
  const harm = (await harming) ?? 0
  const { reads, writes, byStatus } = await emulator.stats()
  const late = await lateOf(instances)
  await emulator.setFaults({})
  await Promise.all(instances.map((one) => one.stop()))
  const counts = await count(emulator.url, forms, acknowledged)
  const unrecorded = acknowledged.filter((id) => !sink.recorded.has(id)).length
  const conflicting = [...sink.recorded.values()].filter((ids) => ids.size > 1).length
  emulator.stop()
  sink.close()
  await rm(folder, { recursive: true })
  return {
    sent: scenario.submissions,
    acknowledged: acknowledged.length,
    ...counts,
    late,
    unrecorded,
    conflicting,
    harm,
    reads,
    writes,
    refused: byStatus['429'] ?? 0,
    stall: sink.stall() / 1000,
    seconds: (performance.now() - began) / 1000,
  }
}

async function writeForms(folder: string, count: number): Promise<string[]> {
  await mkdir(folder)
  const names = Array.from({ length: count }, (_, n) => `survey-${n + 1}`)
  for (const name of names) {
    const fields = 'fields:\n  answer: { type: text, label: Answer }\n'
    const tasks = `tasks:\n  sheets: { spreadsheet: ${name} }\n`
    await writeFile(join(folder, `${name}.yaml`), `title: ${name}\n${fields}${tasks}`)
  }
  return names
}

function startInstances(
  { instances, environment }: Scenario,
  { folder, emulator, sink }: { folder: string; emulator: string; sink: string },
): FunctionProcess[] {
  const env = {
    DATA_DIR: folder,
    FORMS_DIR: join(folder, 'forms'),
    SHEETS_ROOT_URL: `${emulator}/`,
    K_SINK: sink,
    LOG_LEVEL: 'error',
    ...environment,
  }
  return Array.from(
    { length: instances },
    () =>
      new FunctionProcess({
        name: 'sheets',
        module: main,
        args: ['sheets'],
        env,
        idle: 3_600_000,
        connections: 100,
        timeout: 30_000,
        logger: pino({ level: process.env.SHOW ? 'info' : 'silent' }),
      }),
  )
}

/** As a source does: each until it is acknowledged, by whichever instance. */
async function deliverAll(
  instances: FunctionProcess[],
  { submissions, rate }: Scenario,
  forms: string[],
): Promise<string[]> {
  const acknowledged: string[] = []
  const underWay = new Set<Promise<void>>()
  const began = performance.now()
  for (let n = 0; n < submissions; n++) {
    const due = (n / rate) * 1000 - (performance.now() - began)
    if (due > 5) await delay(due)
    if (underWay.size >= 100 * instances.length) await Promise.race(underWay)
    const event = validated(n, forms[n % forms.length] as string)
    const delivering = deliver(event, n, instances).then(() => {
      acknowledged.push(event.subject as string)
      underWay.delete(delivering)
    })
    underWay.add(delivering)
  }
  await Promise.all(underWay)
  return acknowledged
}

async function deliver(event: FormEvent, n: number, instances: FunctionProcess[]): Promise<void> {
  const { headers, body } = toMessage(event)
  for (let attempt = 0; ; attempt++) {
    const instance = instances[(n + attempt) % instances.length] as FunctionProcess
    const status = await instance.post(headers, body).then(
      (answer) => answer.status,
      () => 0,
    )
    if (status >= 200 && status < 300) return
    await delay(500)
  }
}

function validated(n: number, form: string): FormEvent {
  const subject = `submission-${String(n).padStart(7, '0')}`
  const draft = submissionValidated({ version: 'v', answers: { answer: `answer ${n}` } })
  const time = new Date().toISOString()
  const id = `${subject}.validation.0`
  return toEvent(draft, { id, source: '/tasks/validation', subject, time, form }) as FormEvent
}

/** As the schedule does: it also starts again what was killed. Never ends before `over`. */
async function tickUntil(instances: FunctionProcess[], over: Promise<void>): Promise<void> {
  let going = true
  void over.then(() => {
    going = false
  })
  for (;;) {
    await delay(5000)
    if (!going) return
    const { headers, body } = pingOf('sheets')
    for (const one of instances) void one.post(headers, body).catch(() => {})
  }
}

async function lateOf(instances: FunctionProcess[]): Promise<number> {
  const counted = instances.map(async (one) => {
    const said = await one.get('/metrics').catch(() => undefined)
    return Number(said?.body.match(/^formstream_sheets_late_total (\d+)/m)?.[1] ?? 0)
  })
  return (await Promise.all(counted)).reduce((sum, late) => sum + late, 0)
}

async function count(sheets: string, forms: string[], acknowledged: string[]) {
  const seen = new Map<string, number>()
  let outOfOrder = 0
  for (const form of forms) {
    let last = ''
    for (const row of await readRows(sheets, form, 'Responses')) {
      if (!row.id) continue
      seen.set(row.id, (seen.get(row.id) ?? 0) + 1)
      const order = `${row['submitted at']} ${row.id}`
      if (order < last) outOfOrder += 1
      else last = order
    }
  }
  const rows = [...seen.values()].reduce((sum, times) => sum + times, 0)
  const missing = acknowledged.filter((id) => !seen.has(id)).length
  return { rows, missing, duplicate: rows - seen.size, outOfOrder }
}
