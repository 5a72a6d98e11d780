// Runs a task on one event in a process of its own, with a sink that shows events in place of publishing them.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { KeyedMessage, Message } from '#kafka/binary-mode.ts'
import { topicsOf } from '#kafka/define-event.ts'
import * as declared from '#kafka/events.ts'
import type { AnyTask } from '#kit/define-task.ts'
import { newToken } from '../../local/knative/control/instance-file.ts'
import { buildSink } from '../../local/knative/sink.ts'
import { functionEnvironment } from '../start/child-environment.ts'
import type { Report } from './report.ts'

export interface RunOptions {
  task: AnyTask
  record: Message
  environment: Record<string, string | undefined>
  /** Address of the Sheets emulator of a running instance. */
  emulator: string | undefined
  /** Address of the mailbox's SMTP server of a running instance. */
  smtp: string | undefined
  dry: boolean
  inspect: boolean
  /** An event that the task would publish. */
  onEvent: (topic: string, message: KeyedMessage) => void
  onReport: (report: Report) => void
}

const child = join(import.meta.dirname, 'child.ts')
const guard = join(import.meta.dirname, 'refuse-network.ts')

/** Resolves with the exit code of the process; null after a signal. */
export async function runTask(options: RunOptions): Promise<number | null> {
  const folder = await mkdtemp(join(tmpdir(), 'formstream-task-'))
  const token = newToken()
  const sink = buildSink(
    {
      append: async (topic, message) => options.onEvent(topic, message),
      consume: () => Promise.reject(new Error('This sink keeps no events')),
      ready: () => true,
      close: async () => {},
    },
    new Set(topicsOf(declared).map(({ name }) => name)),
    token,
  )
  try {
    const url = await sink.listen({ host: '127.0.0.1', port: 0 })
    return await runProcess(options, { folder, sink: url, token })
  } finally {
    await sink.close()
    await rm(folder, { recursive: true })
  }
}

interface Own {
  /** Temporary; the process's DATA_DIR. */
  folder: string
  sink: string
  token: string
}

async function runProcess(options: RunOptions, own: Own): Promise<number | null> {
  const { task, record, dry, inspect } = options
  const flags = [...(dry ? dryFlags(own.folder) : []), ...(inspect ? inspectFlags(dry) : [])]
  const wanted = [...(dry ? ['--dry'] : []), ...(inspect ? ['--inspect'] : [])]
  const running = spawn(process.execPath, [...flags, child, task.name, ...wanted], {
    // Its output is for people; stdout of the command has the events.
    stdio: ['ignore', process.stderr, process.stderr, 'ipc'],
    env: environmentOf(options, own),
  })
  const stop = () => running.kill()
  process.on('SIGINT', stop).on('SIGTERM', stop)
  running.on('message', (report: Report) => options.onReport(report))
  running.send(record)
  const [code] = await once(running, 'close')
  process.off('SIGINT', stop).off('SIGTERM', stop)
  return code
}

/** Node refuses child processes, worker threads and files outside the folder; the guard refuses connections. */
const dryFlags = (folder: string): string[] => [
  '--permission',
  '--allow-fs-read=*',
  `--allow-fs-write=${folder}`,
  '--import',
  guard,
]

const inspectFlags = (dry: boolean): string[] => [
  '--inspect-brk',
  // Without the warning that a debugger may do what the flags refuse.
  ...(dry ? ['--allow-inspector', '--disable-warning=PERM0004'] : []),
]

/** As `npm start` gives it to the process of a task. State is in the temporary folder, never in that of an instance or in Redis. */
function environmentOf(
  { task, environment, emulator, smtp }: RunOptions,
  { folder, sink, token }: Own,
): Record<string, string | undefined> {
  const topic = task.emits[0]?.topic.name ?? ''
  const decided = {
    DATA_DIR: folder,
    REDIS_URL: undefined,
    K_SINK: `${sink}/topics/${topic}`,
    INSTANCE_TOKEN: token,
  }
  return functionEnvironment({ config: task.config, environment, decided, emulator, smtp })
}
