// Counts the calls since the start, by kind, method and outcome.
type Counts = Record<string, number>

export function createCallCounts() {
  const counts = { read: 0, write: 0 }
  const byStatus: Counts = {}
  const byMethod: Record<string, Counts> = {}

  return {
    show: () => ({ reads: counts.read, writes: counts.write, byStatus, byMethod }),

    /** `outcome`: the status of the response, or why there was none. */
    count({ kind, name }: { kind: 'read' | 'write'; name: string }, outcome: number | string) {
      counts[kind] += 1
      byStatus[outcome] = (byStatus[outcome] ?? 0) + 1
      byMethod[name] ??= {}
      byMethod[name][outcome] = (byMethod[name][outcome] ?? 0) + 1
    },
  }
}
