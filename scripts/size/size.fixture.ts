// Three tasks, round figures and the scale of the real functions, for tests of the calculation.
import * as z from 'zod'
import { topicsOf } from '#kafka/define-event.ts'
import * as declared from '#kafka/events.ts'
import { endpointFacts, taskFacts } from '../../knative/generate/function-facts.ts'
import type { Input } from './input.ts'
import type { Measured } from './measured.ts'
import type { PlanOptions } from './plan.ts'

const { submitted, validated, recorded, analyzed } = declared

const tasks = [
  { name: 'validation', on: [{ topic: submitted }], emits: [{ topic: validated }] },
  { name: 'sheets', on: [{ topic: validated }], emits: [{ topic: recorded }] },
  { name: 'slang', on: [{ topic: validated }], emits: [{ topic: analyzed }] },
]

export const measured: Measured = {
  endpointPerSecond: { value: 3000, from: 'ingest' },
  appendMs: { value: 50, from: 'append' },
  coreDeliveries: { value: 2000, from: 'flow' },
  slangMicroseconds: { value: 7, from: 'slang' },
  rowsPerCall: { value: 1700, from: 'sheets' },
}

const input: Input = { submissionsPerSecond: 400, taskMs: 250, submissionBytes: 400, peakHours: 2 }

export const sizeOptions = (other: Partial<Input> = {}): PlanOptions => ({
  input: { ...input, ...other },
  tasks,
  topics: topicsOf(declared),
  facts: Object.fromEntries(
    [endpointFacts(), ...tasks.map(({ name }) => taskFacts({ name, config: z.object({}) }))].map(
      (facts) => [facts.name, facts],
    ),
  ),
  measured,
})
