// Asks for the fact of a new task: it names an event and a topic, which keep their names for good.
import { createInterface } from 'node:readline/promises'
import { UsageError } from '../parse-command.ts'

/** The answer, or the word that is offered if the answer is empty. Throws if there is no terminal to ask on. */
export async function askFact(task: string): Promise<string> {
  const offered = pastTense(task)
  if (!process.stdin.isTTY) {
    throw new UsageError(
      `Expected one word for what has happened once the task is done, found nothing: npm run new task ${task} ${offered}`,
    )
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  const question = `What has happened once "${task}" is done, in one word? [${offered}] `
  const answer = await terminal.question(question)
  terminal.close()
  return answer.trim() || offered
}

/** Of the last word of the name, as if it were a regular verb. */
export function pastTense(name: string): string {
  const verb = name.split('-').at(-1) as string
  if (verb.endsWith('e')) return `${verb}d`
  return verb.endsWith('y') ? `${verb.slice(0, -1)}ied` : `${verb}ed`
}
