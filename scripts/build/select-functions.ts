import { findClusterTasks } from '#kit/find-tasks.ts'
import {
  deadLetterFacts,
  endpointFacts,
  type FunctionFacts,
  taskFacts,
} from '../../knative/generate/function-facts.ts'
import { UsageError } from '../parse-command.ts'

/** The facts of the functions with these names; of all functions if there are no names. */
export async function selectFunctions(names: string[]): Promise<FunctionFacts[]> {
  const all = [endpointFacts(), deadLetterFacts(), ...(await findClusterTasks()).map(taskFacts)]
  const known = all.map(({ name }) => name)
  const unknown = names.find((name) => !known.includes(name))
  if (unknown !== undefined) {
    throw new UsageError(`Expected one of ${known.join(', ')}, found "${unknown}"`)
  }
  return all.filter(({ name }) => names.length === 0 || names.includes(name))
}
