// The sheets task as in a cluster: several instances with one Redis, deliveries over HTTP with retries, and an emulator with
// Google's quotas. Counts missing, doubled and unordered rows.
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
  /** Number of forms, each with its own spreadsheet. */
  forms: number
  instances: number
  /** Submissions per second. */
  rate: number
  /** Faults of the emulator until all rows are recorded. */
  faults: EmulatorFaults
  environment: Record<string, string>
  /** Causes the fault, until `over` at the latest. Returns the number of effects, such as kills. */
  harm?: (context: FaultContext) => Promise<number>
  /** Time without a recorded row after which rows count as missing, ms. */
  timeLimit: number
}

export interface FaultContext {
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
  /** Rows below a row that was submitted later. */
  outOfOrder: number
  /** Late rows by the metrics of the instances. Counts of killed instances are not included. */
  late: number
  /** Acknowledged submissions without a `recorded` event. */
  unrecorded: number
  /** Submissions with two different `recorded` events. */
  conflicting: number
  harm: number
  reads: number
  writes: number
  /** Calls refused with 429. */
  refused: number
  /** Longest time between two recorded rows, in seconds. */
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
        env: () => env,
        idle: 3_600_000,
        connections: 100,
        timeout: 30_000,
        logger: pino({ level: process.env.SHOW ? 'info' : 'silent' }),
      }),
  )
}

/** Delivers all submissions, like a source: each is retried until an instance acknowledges it. */
async function deliverAll(
  instances: FunctionProcess[],
  { submissions, rate }: Scenario,
  forms: string[],
): Promise<string[]> {
  const acknowledged: string[] = []
  const inFlight = new Set<Promise<void>>()
  const began = performance.now()
  for (let n = 0; n < submissions; n++) {
    const due = (n / rate) * 1000 - (performance.now() - began)
    if (due > 5) await delay(due)
    if (inFlight.size >= 100 * instances.length) await Promise.race(inFlight)
    const event = validated(n, forms[n % forms.length] as string)
    const delivering = deliver(event, n, instances).then(() => {
      acknowledged.push(event.subject as string)
      inFlight.delete(delivering)
    })
    inFlight.add(delivering)
  }
  await Promise.all(inFlight)
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

/** Sends a ping to each instance every 5 s until `over`, like the schedule. A ping also restarts a killed instance. */
async function tickUntil(instances: FunctionProcess[], over: Promise<void>): Promise<void> {
  let running = true
  void over.then(() => {
    running = false
  })
  for (;;) {
    await delay(5000)
    if (!running) return
    const { headers, body } = pingOf('sheets')
    for (const one of instances) void one.post(headers, body).catch(() => {})
  }
}

async function lateOf(instances: FunctionProcess[]): Promise<number> {
  const counted = instances.map(async (one) => {
    const metrics = await one.get('/metrics').catch(() => undefined)
    return Number(metrics?.body.match(/^formstream_sheets_late_total (\d+)/m)?.[1] ?? 0)
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
