// Mails of the confirmation task while its process is killed and the mail server fails: how many mails does each person have?
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { readRecord } from '#kit/http/read-event.ts'
import { connectInstance } from '../../local/knative/control/instance-client.ts'
import type { FaultReport } from '../../local/mail/faults.ts'
import type { Mail } from '../../local/mail/store.ts'
import { submitAll } from '../../scripts/load/submit.ts'
import { type Running, startInstance } from '../instance.ts'
import { type ConfirmedEvent, countMails, type MailCounts } from './mail-counts.ts'

export interface MailRun {
  submissions: number
  /** Of the mailbox: PUT /faults. */
  faults: Record<string, unknown>
  /** How long each process of the task lives, ms. Without it none is killed. */
  killAfter?: number
}

export interface MailResult extends MailCounts {
  sent: number
  acknowledged: number
  kills: number
  /** How often each fault of the mailbox occurred. */
  occurred: FaultReport['occurred']
  seconds: number
}

/** The faults under which mails arrive at least once. */
export const mailFaults = { lostAnswer: 0.1, rcpt4xx: 0.05, data4xx: 0.05, greylist: 0.1 }

const form = `title: Confirmed
fields:
  name: { type: text, label: Name }
  email: { type: email, label: E-mail }
tasks:
  confirmation: { to: email, subject: We have your answers, text: Thank you. }
`

/** Time without a new event after which events count as missing, ms. */
const patience = 60_000

/** Starts an instance with one form, which sends a mail to each person. */
export async function startMails(environment: Record<string, string> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'formstream-mail-'))
  const forms = join(folder, 'forms')
  await mkdir(forms)
  await writeFile(join(forms, 'confirmed.yaml'), form)
  const settings = { FORMS_DIR: forms, LOG_LEVEL: 'fatal', ...environment }
  const instance = await startInstance(join(folder, 'data'), settings)
  const close = async () => {
    await instance.stop()
    await rm(folder, { recursive: true })
  }
  return { instance, close }
}

/** Every submission has an address of its own. Mails of earlier runs are deleted. */
export async function runMails(instance: Running, run: MailRun): Promise<MailResult> {
  const began = performance.now()
  await ask(instance, '/messages', { method: 'DELETE' })
  await ask(instance, '/faults', { method: 'PUT', body: JSON.stringify(run.faults) })
  const users = Math.min(20, run.submissions)
  const ended = new AbortController()
  const killing = run.killAfter ? killTask(instance, run.killAfter, ended.signal) : 0
  const { sent, acknowledged } = await submitAll({
    url: `${instance.endpoint}/forms/confirmed`,
    users,
    requests: Math.ceil(run.submissions / users),
    answers: (n) => ({ name: `Person ${n}`, email: `person${n}.${began}@example.com` }),
  })
  const events = await confirmedOf(instance, acknowledged)
  ended.abort()
  const kills = await killing
  const { occurred } = await ask<FaultReport>(instance, '/faults')
  const messageIds = (await messages(instance)).map(({ messageId }) => messageId)
  return {
    ...{ sent, acknowledged: acknowledged.length, kills, occurred },
    ...countMails(acknowledged, messageIds, events),
    seconds: (performance.now() - began) / 1000,
  }
}

async function ask<Answer>({ mails }: Running, path: string, init: RequestInit = {}) {
  const headers = init.body ? { 'content-type': 'application/json' } : {}
  const response = await fetch(`${mails}${path}`, { ...init, headers })
  const text = await response.text()
  if (!response.ok) throw new Error(`Expected ${path} of the mailbox to be answered, found ${text}`)
  return (text && JSON.parse(text)) as Answer
}

const messages = (instance: Running): Promise<Mail[]> => ask(instance, '/messages')

/** Returns the number of kills. */
async function killTask(instance: Running, after: number, ended: AbortSignal): Promise<number> {
  let kills = 0
  let killed: number | undefined
  while (!ended.aborted) {
    // Answered when a process that is starting has started.
    const { confirmation: pid } = await connectInstance(instance).functions()
    const runs = pid !== undefined && pid !== killed
    await delay(runs ? after : 20, undefined, { signal: ended }).catch(() => {})
    if (!runs || ended.aborted) continue
    process.kill(pid, 'SIGKILL')
    killed = pid
    kills += 1
  }
  return kills
}

/** Waits until each submission has an event, or none came for a time. */
async function confirmedOf(instance: Running, submissions: string[]): Promise<ConfirmedEvent[]> {
  const wanted = new Set(submissions)
  let before = -1
  for (let changed = performance.now(); ; await delay(500)) {
    const events = await readConfirmed(instance)
    const found = new Set(events.map(({ subject }) => subject).filter((id) => wanted.has(id))).size
    if (found !== before) changed = performance.now()
    before = found
    if (found === wanted.size || performance.now() - changed > patience) return events
  }
}

async function readConfirmed(instance: Running): Promise<ConfirmedEvent[]> {
  const events: ConfirmedEvent[] = []
  const records = connectInstance(instance).records('forms.confirmed', () => {})
  for await (const record of records) events.push(readRecord(record) as unknown as ConfirmedEvent)
  return events
}
