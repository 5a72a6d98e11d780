// The files of forms/ as ConfigMaps with fixed names, which all functions mount as one folder.
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Task } from '#kit/define-task.ts'
import { knownTasks } from '#kit/find-tasks.ts'
import { checkedName } from '#kit/forms/folder/read-folder.ts'
import { problemText } from '#kit/forms/form-problems.ts'
import { loadForms } from '#kit/forms/load-forms.ts'
import { formsMaps } from './function-facts.ts'
import { metadataOf, type Resource } from './resource.ts'

/** Maximum size of the forms in one ConfigMap. The limit of Kubernetes is 1 MiB, including keys and metadata. */
const maxBytes = 900_000

/**
 * Returns text by file name. Throws for every invalid form, including options of tasks: in a cluster each function checks only
 * the options of its own task. Prints the warnings about forms.
 */
export async function readForms(folder: string, tasks: Task[]): Promise<Record<string, string>> {
  const forms = await loadForms(folder, {
    knownTasks: knownTasks(tasks),
    onWarning: (warning) => console.warn(problemText(warning)),
  })
  forms.close()
  const problems = forms.problems().map(problemText)
  if (problems.length > 0) throw new Error(problems.join('\n'))
  const names = (await readdir(folder)).filter((name) => name.endsWith('.yaml')).toSorted()
  const texts = names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')])
  return Object.fromEntries(await Promise.all(texts))
}

/**
 * Returns all 16 maps, including empty ones, so that applying them removes deleted forms. The forms are distributed by a hash of
 * their names over the smallest sufficient number of maps: 1, 2, 4, 8 or 16. A new form therefore moves no other form, except
 * when that number doubles.
 */
export function formsConfigMaps(forms: Record<string, string>): Resource[] {
  for (let count = 1; count <= formsMaps.length; count *= 2) {
    const parts = divide(forms, count)
    if (parts.every((part) => sizeOf(part) <= maxBytes)) return parts.map(configMap)
  }
  const found = sizeOf(forms)
  throw new Error(`Expected forms that fit ${formsMaps.length} ConfigMaps, found ${found} bytes`)
}

function divide(forms: Record<string, string>, count: number): Record<string, string>[] {
  const parts = formsMaps.map((): Record<string, string> => ({}))
  for (const [name, text] of Object.entries(forms)) {
    const index = createHash('sha256').update(name).digest().readUInt32BE() % count
    Object.assign(parts[index] ?? {}, { [name]: text })
  }
  return parts
}

/** Bytes. A map holds each form twice: the text and its checked copy. */
const sizeOf = (forms: Record<string, string>): number =>
  Object.entries(forms).reduce((sum, pair) => sum + 2 * Buffer.byteLength(pair.join()), 0)

/**
 * Each form has a checked copy, which functions use if they start while the form in the cluster is invalid. The copy is base64,
 * so that edits of the form in the cluster do not change the copy as well.
 */
function configMap(data: Record<string, string>, n: number): Resource {
  const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: metadataOf(formsMaps[n] as string) }
  const copies = Object.entries(data).map(([name, text]) => [
    checkedName(name),
    Buffer.from(text).toString('base64'),
  ])
  if (copies.length === 0) return { ...map, data }
  return { ...map, data, binaryData: Object.fromEntries(copies) }
}
