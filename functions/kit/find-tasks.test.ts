import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { inFolder } from './events.fixture.ts'
import { findTask, findTasks } from './find-tasks.ts'

async function writeModules(folder: string, modules: Record<string, string>): Promise<void> {
  for (const [file, text] of Object.entries(modules)) {
    await mkdir(join(folder, file, '..'), { recursive: true })
    await writeFile(join(folder, file), text)
  }
}

test('every folder with a task.ts is a task, sorted by name; other folders are not', () =>
  inFolder(async (folder) => {
    await writeModules(folder, {
      'b/task.ts': "export default { name: 'b' }",
      'a/task.ts': "export default { name: 'a' }",
      'kit/serve.ts': '',
      'task.ts': '',
    })
    expect((await findTasks(folder)).map(({ name }) => name)).toEqual(['a', 'b'])
  }))

test('the tasks of this product are found', async () => {
  const names = (await findTasks()).map(({ name }) => name)
  expect(names).toEqual(expect.arrayContaining(['sheets', 'slang', 'validation']))
})

test('a task whose name differs from its folder is refused, with both names', () =>
  inFolder(async (folder) => {
    await writeModules(folder, { 'a/task.ts': "export default { name: 'b' }" })
    await expect(findTask('a', folder)).rejects.toThrow(
      /a\/task\.ts: expected a default export defineTask\(\{ name: 'a' \}\), found name 'b'/,
    )
  }))

test('the error of a task that cannot be loaded names its file', () =>
  inFolder(async (folder) => {
    await writeModules(folder, { 'a/task.ts': "throw new Error('no such export')" })
    await expect(findTask('a', folder)).rejects.toThrow(/a\/task\.ts: no such export/)
  }))

test('a module without a default export is refused', () =>
  inFolder(async (folder) => {
    await writeModules(folder, { 'a/task.ts': "export const task = { name: 'a' }" })
    await expect(findTasks(folder)).rejects.toThrow(/found no default export/)
  }))

test.each(['61 * * * *', '@every 5m', '2027-01-01T00:00:00', ''])(
  'a task with the schedule %j is refused',
  (schedule) =>
    inFolder(async (folder) => {
      const every = JSON.stringify({ schedule })
      await writeModules(folder, { 'a/task.ts': `export default { name: 'a', every: ${every} }` })
      await expect(findTask('a', folder)).rejects.toThrow(
        `a/task.ts: expected a cron schedule, found "${schedule}"`,
      )
    }),
)

test('a task with a cron schedule is accepted', () =>
  inFolder(async (folder) => {
    const text = "export default { name: 'a', every: { schedule: '*/5 8-18 * * MON-FRI' } }"
    await writeModules(folder, { 'a/task.ts': text })
    expect((await findTask('a', folder)).name).toBe('a')
  }))
