// `npm run test:cluster [-- flow|cold|load|ends]`: the functions on a real Kubernetes with Knative. What is lost or doubled fails it.
import { spawnSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { cold } from './cold.ts'
import { type Deployment, deploy } from './deployment.ts'
import { ends } from './ends.ts'
import { flow } from './flow.ts'
import { load } from './load.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    submissions: { type: 'string', default: '20000' },
    users: { type: 'string', default: '50' },
    'kill-every': { type: 'string', default: '5000' },
  },
})

if (spawnSync('kubectl', ['get', '--raw=/readyz']).status !== 0) {
  console.log('Skipped: no cluster answers; set KUBECONFIG (docs/knative.md, "On this machine")')
  process.exit()
}

const suites: Record<string, (deployment: Deployment) => Promise<unknown>> = {
  flow,
  cold: (deployment) => cold(deployment, 3, console.log),
  ends: (deployment) => ends(deployment, 20),
  load: async (deployment) => {
    const users = Number(values.users)
    const requests = Number(values.submissions) / users
    const { samples, ...counts } = await load(deployment, {
      users,
      requests,
      killEvery: Number(values['kill-every']),
    })
    await writeFile('bench/results/cluster-load.json', JSON.stringify({ ...counts, samples }))
    return counts
  },
}

console.log('deploying…')
const deployment = await deploy()
for (const [name, suite] of Object.entries(suites)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue
  console.log(name, await suite(deployment))
}
await deployment.stop()
