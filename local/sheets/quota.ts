// Google's quota for each minute: 300 reads and 300 writes for a project, 60 of each for a user.
const limits = { project: 300, user: 60 }

type Kind = 'read' | 'write'

export function createQuota(now: () => number = Date.now) {
  let since = Number.NEGATIVE_INFINITY
  const used = new Map<string, number>()

  return {
    reset: () => used.clear(),

    /** Counts a call. Returns Google's message if the quota is exceeded. */
    take(kind: Kind, user: string): string | undefined {
      if (now() - since >= 60_000) {
        since = now()
        used.clear()
      }
      const project = used.get(kind) ?? 0
      const own = used.get(`${kind} ${user}`) ?? 0
      if (own >= limits.user) return exceeded(kind, ' per user')
      if (project >= limits.project) return exceeded(kind, '')
      used.set(kind, project + 1)
      used.set(`${kind} ${user}`, own + 1)
      return undefined
    },
  }
}

function exceeded(kind: Kind, per: string): string {
  const metric = kind === 'read' ? 'Read requests' : 'Write requests'
  return (
    `Quota exceeded for quota metric '${metric}' and limit '${metric} per minute${per}' ` +
    "of service 'sheets.googleapis.com' for consumer 'project_number:0'."
  )
}
