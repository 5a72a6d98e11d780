// A running process of one function and the HTTP connections to it.
import { constants, getPriority, setPriority } from 'node:os'
import type { Logger } from 'pino'
import { EventClient } from '#kafka/event-client.ts'
import { busyHeader } from '#kit/event-loop-busy.ts'
import { bearer } from '#kit/http/same-machine.ts'
import { type Child, startChild } from '../child-process.ts'

type Environment = Record<string, string | undefined>

export interface FunctionOptions {
  name: string
  /** The program to run, and its arguments. */
  module: string
  args: string[]
  /** The whole environment of the process, except HOST and PORT. Called when the process is started. */
  env: () => Environment | Promise<Environment>
  /** Sent as bearer token with every request. */
  token?: string | undefined
  /** Maximum number of simultaneous deliveries; each has its own connection. */
  connections: number
  /** Milliseconds to wait for the process to listen, and for each response. */
  timeout: number
  logger: Logger
}

export interface FunctionResponse {
  status: number
  body: string
  /** Event loop utilization of the function's process, 0 to 1. */
  busy?: number
}

/** Posts one event. Rejects if there is no response. */
export type PostEvent = (
  headers: Record<string, string>,
  body: string | Buffer,
) => Promise<FunctionResponse>

export interface RunningFunction extends Pick<Child, 'pid' | 'exited' | 'stop'> {
  post: PostEvent
  get: (path: string) => Promise<FunctionResponse>
}

/**
 * Small heaps: many functions share one machine, and their objects are short-lived. One helper thread of V8 instead of four: they
 * compile and collect garbage, and wait for each other where there are fewer cores.
 */
const execArgv = ['--max-semi-space-size=8', '--max-old-space-size=192', '--v8-pool-size=1']

export async function startFunction(options: FunctionOptions): Promise<RunningFunction> {
  const { name, module, args, env, connections, timeout, token, logger } = options
  const began = performance.now()
  const { pid, port, exited, stop } = await startChild(module, {
    name: `Function ${name}`,
    args,
    // Functions listen on loopback only, wherever the endpoint listens.
    env: { ...(await env()), HOST: '127.0.0.1', PORT: '0' },
    execArgv,
    timeout,
  })
  logger.info(
    { function: name, pid, ms: Math.round(performance.now() - began) },
    'function started',
  )
  lowerPriority(pid, logger)
  const client = new EventClient(`http://127.0.0.1:${port}/`, connections)
  exited.then((exit) => {
    logger.info({ function: name, exit }, 'function stopped')
    return client.close()
  })
  const authorization: Record<string, string> = token ? { authorization: bearer(token) } : {}

  async function post(headers: Record<string, string>, body: string | Buffer) {
    const sent = { ...headers, ...authorization }
    const response = await client.post({ headers: sent, body }, timeout)
    const busy = response.headers[busyHeader]
    return {
      status: response.status,
      body: response.body,
      ...(busy !== undefined && { busy: Number(busy) }),
    }
  }

  async function get(path: string) {
    const { status, body } = await client.get(path, authorization, timeout)
    return { status, body }
  }
  return { pid, exited, stop, post, get }
}

/** On a busy machine the endpoint answers people first; deliveries wait anyway. */
function lowerPriority(pid: number, logger: Logger): void {
  try {
    const lower = constants.priority.PRIORITY_BELOW_NORMAL
    if (getPriority(pid) < lower) setPriority(pid, lower)
  } catch (error) {
    // Some sandboxes do not allow it. The function works without it.
    logger.debug({ pid, reason: (error as Error).message }, 'priority not changed')
  }
}
