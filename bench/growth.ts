// How the cost of a submission and of a delivery grows with the number of records in the embedded log, and of forms.
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SingleBar } from 'cli-progress'
import { startServerProcess } from './parts/child-process.ts'
import { measureCpu } from './parts/cpu.ts'
import { endpoint, measureServer } from './parts/endpoint-round.ts'
import { appendMany, deliver, makeFunction, openLog } from './parts/log-to-function.ts'
import type { BenchOptions } from './parts/options.ts'
import { type Result, type Round, summarise } from './parts/result.ts'
import { alternate } from './parts/rounds.ts'

const recordCounts = [1000, 10_000, 100_000, 1_000_000]
const formCounts = [1, 100, 1000]
const connections = 200
/** Deliveries in each round. A log of fewer records delivers those. */
const deliveries = 5000
const nothing = makeFunction({ name: 'nothing' })

export default async function growth({ count = 1_000_000 }: BenchOptions): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'formstream-bench-'))
  const cases: Record<string, () => Promise<Round>> = {}
  for (const records of recordCounts.filter((records) => records <= count)) {
    const filled = await fillLog(join(folder, `records-${records}`), records, ['student-data'])
    cases[`records: ${records.toLocaleString('en')}`] = () => measure({ filled, records })
  }
  for (const number of formCounts) {
    const { formsDir, forms } = await writeForms(join(folder, `forms-${number}`), number)
    const filled = await fillLog(join(folder, `log-of-${number}`), deliveries, forms)
    cases[`forms: ${number.toLocaleString('en')}`] = () =>
      measure({ filled, records: deliveries, formsDir, forms })
  }
  // Compiles the code.
  await Object.values(cases)[0]?.()
  const rounds = await alternate(cases)
  await nothing.stop()
  await rm(folder, { recursive: true })
  return summarise('submission or event', rounds, [])
}

async function fillLog(folder: string, records: number, forms: string[]): Promise<string> {
  await mkdir(folder)
  const log = await openLog(folder)
  const bar = new SingleBar({ format: '  filling a log {bar} {value}/{total}', hideCursor: true })
  bar.start(records, 0)
  for (let n = 0; n < records; n += 10_000) {
    await appendMany(log, Math.min(10_000, records - n), { prefix: `r${n}-`, forms })
    bar.update(n)
  }
  bar.stop()
  await log.close()
  return folder
}

async function writeForms(formsDir: string, number: number) {
  await mkdir(formsDir)
  const forms = Array.from({ length: number }, (_, n) => `form-${n}`)
  for (const form of forms) await writeFile(join(formsDir, `${form}.yaml`), formFile)
  return { formsDir, forms }
}

const formFile = `title: Student data
fields:
  name:       { type: text,   label: Name, max: 100 }
  roll:       { type: text,   label: Roll number, pattern: '[0-9]{1,10}' }
  university: { type: text,   label: University }
  cgpa:       { type: number, label: CGPA, min: 0, max: 10 }
  gender:     { type: choice, label: Gender, options: [F, M, Other] }
  age:        { type: number, label: Age, min: 1, max: 150 }
  email:      { type: email,  label: E-mail }
  mobile:     { type: phone,  label: Mobile, region: IN, kind: mobile }
tasks:
  slang:      { fields: [name, university] }
`

interface Grown {
  /** Folder of a log. A round works on a copy, because submissions add to it. */
  filled: string
  records: number
  formsDir?: string
  forms?: string[]
}

async function measure({ filled, records, formsDir, forms }: Grown): Promise<Round> {
  const copy = `${filled}-copy`
  await cp(filled, copy, { recursive: true })
  const source = await measureDelivery(copy, Math.min(records, deliveries))
  const program = endpoint('sqlite', copy, ...(formsDir === undefined ? [] : [formsDir]))
  const began = performance.now()
  const server = await startServerProcess(program)
  const startMs = performance.now() - began
  await server.stop()
  const paths = forms && { paths: forms.map((form) => `/forms/${form}`) }
  const { figures, cpu } = await measureServer(program, connections, paths)
  await rm(copy, { recursive: true })
  return { figures: { ...figures, startMs }, cpu: { ...cpu, source } }
}

/** Microseconds of the source for each event. */
async function measureDelivery(folder: string, count: number): Promise<number> {
  const log = await openLog(folder)
  const cpu = await measureCpu({ source: process.pid })
  await deliver(log, nothing, { task: 'nothing', count })
  const { source = 0 } = await cpu(count)
  await log.close()
  return source
}
