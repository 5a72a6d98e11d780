import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { findTask, findTasks } from './find.ts'
import { inFolder } from './given.ts'

async function given(folder: string, modules: Record<string, string>): Promise<void> {
  for (const [file, text] of Object.entries(modules)) {
    await mkdir(join(folder, file, '..'), { recursive: true })
    await writeFile(join(folder, file), text)
  }
}

test('every folder with a task.ts is a task, in the order of the names; the others are none', () =>
  inFolder(async (folder) => {
    await given(folder, {
      'b/task.ts': "export default { name: 'b' }",
      'a/task.ts': "export default { name: 'a' }",
      'kit/main.ts': '',
      'task.ts': '',
    })
    expect((await findTasks(folder)).map(({ name }) => name)).toEqual(['a', 'b'])
  }))

test('the tasks of this product are found', async () => {
  const names = (await findTasks()).map(({ name }) => name)
  expect(names).toEqual(expect.arrayContaining(['sheets', 'slang', 'validation']))
})

test('a task of another name than its folder is refused, with both names', () =>
  inFolder(async (folder) => {
    await given(folder, { 'a/task.ts': "export default { name: 'b' }" })
    await expect(findTask('a', folder)).rejects.toThrow(
      /a\/task\.ts: expected a default export defineTask\(\{ name: 'a' \}\), found name 'b'/,
    )
  }))

test('a module without a default export is refused', () =>
  inFolder(async (folder) => {
    await given(folder, { 'a/task.ts': "export const task = { name: 'a' }" })
    await expect(findTasks(folder)).rejects.toThrow(/found no default export/)
  }))
