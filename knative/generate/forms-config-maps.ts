// The files of forms/ as ConfigMaps of fixed names, which all functions mount as one folder.
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Task } from '#kit/define-task.ts'
import { knownTasks } from '#kit/find-tasks.ts'
import { problemText } from '#kit/forms/files/form-file.ts'
import { checkedName } from '#kit/forms/files/read-forms.ts'
import { loadForms } from '#kit/forms/forms.ts'
import { formsMaps } from './function-facts.ts'
import { metadataOf, type Resource } from './resource.ts'

/** Bytes. Kubernetes takes 1 MiB, keys and metadata included. */
const mostBytes = 900_000

/** File name to text. Refuses what no function could serve: in a cluster each of them checks only its own part. */
export async function readForms(folder: string, tasks: Task[]): Promise<Record<string, string>> {
  const forms = await loadForms(folder, { knownTasks: knownTasks(tasks) })
  forms.close()
  const problems = forms.problems().map(problemText)
  if (problems.length > 0) throw new Error(problems.join('\n'))
  const names = (await readdir(folder)).filter((name) => name.endsWith('.yaml')).toSorted()
  const texts = names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')])
  return Object.fromEntries(await Promise.all(texts))
}

/**
 * All maps, the empty ones too: applied, they take away what was in them. As few as hold the forms are filled (1, 2, 4, 8 or
 * 16), and in those a form has its place by its name: a new form moves no other, but when the number doubles.
 */
export function formsConfigMaps(forms: Record<string, string>): Resource[] {
  for (let count = 1; count <= formsMaps.length; count *= 2) {
    const parts = divide(forms, count)
    if (parts.every((part) => sizeOf(part) <= mostBytes)) return parts.map(configMap)
  }
  const found = sizeOf(forms)
  throw new Error(`Expected forms that fit ${formsMaps.length} ConfigMaps, found ${found} bytes`)
}

function divide(forms: Record<string, string>, count: number): Record<string, string>[] {
  const parts = formsMaps.map((): Record<string, string> => ({}))
  for (const [name, text] of Object.entries(forms)) {
    const place = createHash('sha256').update(name).digest().readUInt32BE() % count
    Object.assign(parts[place] ?? {}, { [name]: text })
  }
  return parts
}

/** Each of them lies there twice. */
const sizeOf = (forms: Record<string, string>): number =>
  Object.entries(forms).reduce((sum, pair) => sum + 2 * Buffer.byteLength(pair.join()), 0)

/**
 * Beside each form its checked copy, which a function serves that starts while the form was edited wrongly in the cluster.
 * As base64: whoever edits the form there, by hand or by a script, does not edit the copy with it.
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
