// The functions that a command is to work on: those named, or all.
import { findTasks } from '#kit/find-tasks.ts'
import {
  deadLetterFacts,
  endpointFacts,
  type FunctionFacts,
  taskFacts,
} from '../../knative/generate/facts.ts'

export async function chosen(names: string[]): Promise<FunctionFacts[]> {
  const all = [endpointFacts(), deadLetterFacts(), ...(await findTasks()).map(taskFacts)]
  const known = all.map(({ name }) => name)
  const unknown = names.find((name) => !known.includes(name))
  if (unknown !== undefined)
    throw new Error(`Expected one of ${known.join(', ')}, found "${unknown}"`)
  return all.filter(({ name }) => names.length === 0 || names.includes(name))
}
