// Finds the field types by folder: each file of fields/ is one, with the name that forms use. A bundle has a list in place of this file.
import { readdir } from 'node:fs/promises'
import type { FieldType } from './field-type.ts'

/** Keyed by name. */
export type FieldTypes = Map<string, FieldType>

const folder = new URL('./fields/', import.meta.url)

export async function findFieldTypes(): Promise<FieldTypes> {
  const files = (await readdir(folder)).filter((file) => /^[a-z-]+\.ts$/.test(file)).toSorted()
  const found = files.map(async (file): Promise<[string, FieldType]> => {
    const { default: type } = (await import(new URL(file, folder).href)) as { default: FieldType }
    return [file.slice(0, -'.ts'.length), type]
  })
  return new Map(await Promise.all(found))
}
