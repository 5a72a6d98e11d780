// Keeps a copy of each form that was found right, for processes that start while its file is wrong.
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readFormFile } from '#kit/forms/folder/read-file.ts'
import { checkedName } from '#kit/forms/folder/read-folder.ts'
import type { Form } from '#kit/forms/form.ts'

/**
 * Writes the copies of `forms`, and removes those of forms whose files are gone from `formsDir`. Other files of the folder stay.
 * A copy is replaced as a whole: a reader never finds half of one.
 */
export async function keepChecked(folder: string, formsDir: string, forms: Form[]): Promise<void> {
  await mkdir(folder, { recursive: true })
  const copies = new Map(forms.map(({ id, text }) => [checkedName(`${id}.yaml`), text]))
  const kept = new Set([...copies.keys(), ...(await readdir(formsDir)).map(checkedName)])
  const others = await readdir(folder, { withFileTypes: true })
  const old = others.filter((file) => file.isFile() && isCopy(file.name) && !kept.has(file.name))
  await Promise.all(old.map(({ name }) => rm(join(folder, name), { force: true })))
  for (const [name, text] of copies) await keep(join(folder, name), text)
}

/** Also of a copy that was not written to its end. */
const isCopy = (name: string): boolean => /\.yaml\.checked(\.new)?$/.test(name)

async function keep(file: string, text: string): Promise<void> {
  const kept = await readFormFile(file).catch(() => undefined)
  if (Buffer.isBuffer(kept) && kept.toString() === text) return
  await writeFile(`${file}.new`, text)
  await rename(`${file}.new`, file)
}
