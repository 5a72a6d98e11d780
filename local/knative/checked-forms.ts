// Keeps a copy of each valid form, for processes that start while the form's file is invalid.
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readFormFile } from '#kit/forms/folder/read-file.ts'
import { checkedName } from '#kit/forms/folder/read-folder.ts'
import type { Form } from '#kit/forms/form.ts'

/**
 * Writes a copy of each of `forms` to `folder`, and removes the copies of forms whose files no longer exist in `formsDir`.
 * Copies are replaced atomically. Other files in `folder` are left alone.
 */
export async function keepChecked(folder: string, formsDir: string, forms: Form[]): Promise<void> {
  await mkdir(folder, { recursive: true })
  const copies = new Map(forms.map(({ id, text }) => [checkedName(`${id}.yaml`), text]))
  const kept = new Set([...copies.keys(), ...(await readdir(formsDir)).map(checkedName)])
  const files = await readdir(folder, { withFileTypes: true })
  const old = files.filter((file) => file.isFile() && isCopy(file.name) && !kept.has(file.name))
  await Promise.all(old.map(({ name }) => rm(join(folder, name), { force: true })))
  for (const [name, text] of copies) await writeCopy(join(folder, name), text)
}

/** `.new`: a copy whose writing was interrupted. */
const isCopy = (name: string): boolean => /\.yaml\.checked(\.new)?$/.test(name)

async function writeCopy(file: string, text: string): Promise<void> {
  const existing = await readFormFile(file).catch(() => undefined)
  if (Buffer.isBuffer(existing) && existing.toString() === text) return
  await writeFile(`${file}.new`, text)
  await rename(`${file}.new`, file)
}
