// Submissions with three targets through the real log, source and task process: one target works, one is down for a time, one always
// answers 500. Another form shows whether targets that fail delay it. At the end the broken one is mended, and its letters are replayed.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { toKeyedMessage } from '#kafka/binary-mode.ts'
import { type FormEvent, topicsOf } from '#kafka/define-event.ts'
import * as declared from '#kafka/events.ts'
import type { Log } from '#kafka/log/port.ts'
import { SqliteLog } from '#kafka/log/sqlite/log.ts'
import type { Rules } from '#kit/delivery-rules.ts'
import { eventOf, silent } from '#kit/events.fixture.ts'
import { findTask } from '#kit/find-tasks.ts'
import { key, type Receiver, startReceiver } from '../../functions/webhook/webhook.fixture.ts'
import { buildPlatform, type Platform } from '../../local/knative/platform.ts'
import { replay, replayRetries } from '../../local/knative/replay/replay.ts'
import { freePorts } from '../free-ports.ts'
import { until } from '../until.ts'
import { countWebhooks, type WebhookCounts } from './count-webhooks.ts'

export interface Scenario {
  submissions: number
  /** Seconds for which one target is down. */
  down: number
  /** Seconds after which only a few events go on waiting for a target that fails. */
  patience: number
  rules: Partial<Rules>
}

export const oneMinuteDown: Scenario = {
  ...{ submissions: 1000, down: 60, patience: 90 },
  // Retries last for 190 s, so that the events that wait for the broken target end soon after.
  rules: { retries: 19 },
}

export interface WebhookResult {
  before: WebhookCounts
  /** After the replay. */
  after: WebhookCounts
  /** ms from the first event of the other form until all of them were delivered. They come after those with targets that fail. */
  otherFormTook: number
}

export async function runWebhooks(scenario: Scenario): Promise<WebhookResult> {
  const { submissions, down } = scenario
  const folder = await mkdtemp(join(tmpdir(), 'formstream-webhook-'))
  const [latePort = 0] = await freePorts(1)
  const receivers = [await startReceiver()] as [Receiver, ...Receiver[]]
  const [receiver] = receivers
  receiver.answers.set('/broken', 500)
  await writeForms(folder, receiver.url, `http://127.0.0.1:${latePort}`)
  const log = await SqliteLog.open(join(folder, 'log.sqlite'), topicsOf(declared))
  const platform = await startPlatform(folder, log, scenario)
  try {
    const startLate = delay(down * 1000).then(async () => {
      receivers.push(await startReceiver(latePort))
    })
    await append(log, 'demo', submissions)
    const began = performance.now()
    const others = Math.ceil(submissions / 10)
    await append(log, 'other', others)
    await until(() => receiver.received.filter(({ path }) => path === '/other').length >= others)
    const otherFormTook = Math.round(performance.now() - began)
    await startLate
    await until(async () => (await platform.sources.get('webhook')?.lag()) === 0)
    const before = await countWebhooks(log, receivers)
    receiver.answers.clear()
    await replayAll(log, platform)
    return { before, after: await countWebhooks(log, receivers), otherFormTook }
  } finally {
    await platform.close()
    await log.close()
    for (const one of receivers) one.close()
    await rm(folder, { recursive: true })
  }
}

async function writeForms(folder: string, url: string, lateUrl: string): Promise<void> {
  const form = (targets: Record<string, string>) => {
    const lines = Object.entries(targets).map(
      ([name, base]) => `    - { name: ${name}, url: "${base}/${name}", secret: crm }\n`,
    )
    return `title: A form\nfields: { item1: { type: text } }\ntasks:\n  webhook:\n${lines.join('')}`
  }
  await writeFile(join(folder, 'demo.yaml'), form({ working: url, late: lateUrl, broken: url }))
  await writeFile(join(folder, 'other.yaml'), form({ other: url }))
}

async function startPlatform(
  folder: string,
  log: Log,
  { patience, rules }: Scenario,
): Promise<Platform> {
  const platform = buildPlatform({
    log,
    tasks: [await findTask('webhook')],
    env: () => ({
      ...{ PATH: process.env.PATH, LOG_LEVEL: 'silent' },
      ...{ FORMS_DIR: folder, DATA_DIR: folder },
      ...{ WEBHOOK_ALLOW: '127.0.0.1', WEBHOOK_SECRETS: `crm=${key}` },
      WEBHOOK_PATIENCE_SECONDS: String(patience),
    }),
    // Longer than a test: the process keeps what it knows of targets.
    idle: 600_000,
    rules,
    logger: silent,
  })
  await platform.start()
  return platform
}

async function append(log: Log, form: string, count: number): Promise<void> {
  const time = new Date().toISOString()
  const events = Array.from({ length: count }, (_, n) =>
    eventOf(declared.submissionValidated({ version: 'v', answers: { item1: `${n}` } }), {
      ...{ form, time, id: `${form}-${n}.validation.0`, subject: `${form}-${n}` },
    }),
  )
  await Promise.all(
    events.map((event) => log.append(declared.validated.name, toKeyedMessage(event as FormEvent))),
  )
}

async function replayAll(log: Log, { sources }: Platform): Promise<void> {
  await replay(
    {
      log,
      tasks: [...sources.keys()],
      deliver: async (task, { original }) =>
        (await sources.get(task)?.deliver(original, replayRetries)) ?? false,
      dryRun: false,
    },
    () => {},
  )
}
