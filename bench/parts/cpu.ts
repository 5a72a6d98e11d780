// CPU time and memory of processes, from /proc.
import { readFile } from 'node:fs/promises'

/** Process ids by name. */
export type Processes = Record<string, number>

/** The kernel counts CPU time in hundredths of a second. */
const microsecondsPerTick = 10_000

/** CPU time of all threads since the process began, in microseconds, without that of its children. */
async function cpuOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  // The second field is the name of the program in brackets, which may contain spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * microsecondsPerTick
}

/** Begins to measure. The returned function ends it: microseconds of each process for one of `units`. */
export async function measureCpu(
  processes: Processes,
): Promise<(units: number) => Promise<Record<string, number>>> {
  const before = await Promise.all(Object.values(processes).map(cpuOf))
  return async (units) => {
    const after = await Promise.all(Object.values(processes).map(cpuOf))
    const used = Object.keys(processes).map((name, n) => [
      name,
      ((after[n] as number) - (before[n] as number)) / units,
    ])
    return Object.fromEntries(used)
  }
}

/** Resident memory of each process in MB: now, or its peak. */
export async function memoryOf(
  processes: Processes,
  which: 'now' | 'peak',
): Promise<Record<string, number>> {
  const name = which === 'now' ? 'VmRSS' : 'VmHWM'
  const measured = Object.entries(processes).map(async ([process, pid]) => {
    const status = await readFile(`/proc/${pid}/status`, 'utf8')
    const kilobytes = status.match(new RegExp(`^${name}:\\s+(\\d+)`, 'm'))?.[1]
    return [process, Math.round(Number(kilobytes) / 1024)] as const
  })
  return Object.fromEntries(await Promise.all(measured))
}
