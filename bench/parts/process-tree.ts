// The processes of a running `npm start`, by name.
import { readdir, readFile } from 'node:fs/promises'
import { dirname, isAbsolute, join, relative } from 'node:path'
import type { Processes } from './cpu.ts'

const root = join(import.meta.dirname, '../..')

/** A process and all that it started: its children are named by their last argument, a task or the folder of a program. */
export async function processTree(pid: number, name = 'npm start'): Promise<Processes> {
  const children = await childrenOf(pid)
  const below = await Promise.all(
    children.map(async (child) => processTree(child, await nameOf(child))),
  )
  return Object.assign({ [name]: pid }, ...below)
}

async function childrenOf(pid: number): Promise<number[]> {
  const threads = await readdir(`/proc/${pid}/task`)
  const lists = threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/children`, 'utf8'))
  return (await Promise.all(lists)).join(' ').split(/\s+/).filter(Boolean).map(Number)
}

async function nameOf(pid: number): Promise<string> {
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8')
  const last = command.split('\0').filter(Boolean).at(-1) ?? String(pid)
  if (!last.endsWith('.ts')) return last
  return dirname(isAbsolute(last) ? relative(root, last) : last)
}
