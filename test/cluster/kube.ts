// Access to the cluster's API: kubectl commands, and HTTP through `kubectl proxy` for frequent requests.
import { execFile, spawn } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface Kube {
  /** The object or list at a path of the API. */
  get: <Found>(path: string) => Promise<Found>
  /** Merges fields into the status of an object, as its controller would. */
  patchStatus: (path: string, status: object) => Promise<void>
  /** Deletes a pod, with its own termination grace period. */
  deletePod: (path: string) => Promise<void>
  close: () => void
}

export const kubectl = async (...args: string[]): Promise<string> =>
  (await run('kubectl', args, { maxBuffer: 2 ** 26 })).stdout

/** kubectl with `input` as its standard input. */
export async function kubectlWith(input: string, ...args: string[]): Promise<string> {
  const running = run('kubectl', args, { maxBuffer: 2 ** 26 })
  running.child.stdin?.end(input)
  return (await running).stdout
}

export async function openKube(): Promise<Kube> {
  const proxy = spawn('kubectl', ['proxy', '--port=0'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const kill = () => proxy.kill()
  process.once('exit', kill)
  const api = await addressOf(proxy.stdout)
  async function call(path: string, options: RequestInit = {}): Promise<Response> {
    const answer = await fetch(`${api}${path}`, options)
    if (answer.ok || answer.status === 404) return answer
    throw new Error(`Expected an answer to ${path}, found ${answer.status}: ${await answer.text()}`)
  }
  return {
    get: async <Found>(path: string) => (await call(path)).json() as Promise<Found>,
    async patchStatus(path, status) {
      const headers = { 'content-type': 'application/merge-patch+json' }
      const body = JSON.stringify({ status })
      await call(`${path}/status`, { method: 'PATCH', headers, body })
    },
    async deletePod(path) {
      await call(path, { method: 'DELETE' })
    },
    close() {
      process.off('exit', kill)
      kill()
    },
  }
}

async function addressOf(output: AsyncIterable<Buffer>): Promise<string> {
  for await (const line of output) {
    const address = /127\.0\.0\.1:\d+/.exec(String(line))?.[0]
    if (address) return `http://${address}`
  }
  throw new Error('Expected kubectl proxy to print its address, found nothing')
}
