// Keeps a copy of each form that was found right, for processes that start while its file is wrong.
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Form } from '../forms/form.ts'
import { checkedName } from '../forms/read-forms.ts'

/** In place of the copies that were there. A copy is replaced as a whole: a reader never finds half of one. */
export async function keepChecked(folder: string, forms: Form[]): Promise<void> {
  await mkdir(folder, { recursive: true })
  const copies = new Map(forms.map(({ id, text }) => [checkedName(`${id}.yaml`), text]))
  const others = (await readdir(folder)).filter((name) => !copies.has(name))
  await Promise.all(others.map((name) => rm(join(folder, name), { force: true })))
  for (const [name, text] of copies) await keep(join(folder, name), text)
}

async function keep(file: string, text: string): Promise<void> {
  if ((await readFile(file, 'utf8').catch(() => undefined)) === text) return
  await writeFile(`${file}.new`, text)
  await rename(`${file}.new`, file)
}
