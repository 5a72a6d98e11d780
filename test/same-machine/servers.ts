// The servers of `npm start` that other sites must not reach, and requests that an attacker would send to them.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { submissionValidated } from '#kafka/events.ts'
import { eventOf, wireOf } from '#kit/events.fixture.ts'
import type { Running } from '../instance.ts'

export interface Call {
  method: string
  /** Path and query. */
  path: string
  headers?: Record<string, string>
  body?: string
}

const forged = eventOf(submissionValidated({ version: 'v', answers: { item1: 'forged' } }), {
  id: 'forged',
})
const event = wireOf(forged as Parameters<typeof wireOf>[0])
const json = { 'content-type': 'application/json' }
const range = { valueInputOption: 'RAW', data: [{ range: 'A1', values: [['forged']] }] }

export type ServerName = 'control' | 'function' | 'emulator'

export const calls: Record<ServerName, Call[]> = {
  control: [
    { method: 'GET', path: '/lag' },
    { method: 'GET', path: '/topics/forms.submitted/records' },
    { method: 'GET', path: '/topics/forms.submitted?from=earliest' },
    { method: 'POST', path: '/replay' },
    { method: 'POST', path: '/ticks/sheets' },
    { method: 'POST', path: '/skip/forms.validated/0/0' },
    { method: 'POST', path: '/deliveries/sheets', ...event },
    { method: 'POST', path: '/topics/forms.validated', ...event },
    { method: 'GET', path: '/nothing' },
  ],
  function: [
    { method: 'POST', path: '/', ...event },
    { method: 'GET', path: '/metrics' },
    { method: 'GET', path: '/health/readiness' },
    { method: 'GET', path: '/nothing' },
  ],
  emulator: [
    { method: 'GET', path: '/v4/spreadsheets/demo/values/Responses' },
    {
      method: 'POST',
      path: '/v4/spreadsheets/demo/values:batchUpdate',
      headers: json,
      body: JSON.stringify(range),
    },
    { method: 'PUT', path: '/emulator/faults', headers: json, body: '{"denied":["demo"]}' },
    { method: 'GET', path: '/changes' },
    { method: 'GET', path: '/nothing' },
  ],
}

/** The port of each server. `functionPid` is the process of the function. */
export function portsOf(instance: Running, functionPid: number): Record<ServerName, number> {
  const portIn = (url: string | undefined) => Number(new URL(String(url)).port)
  return {
    control: portIn(instance.control),
    function: listeningPort(functionPid),
    emulator: portIn(instance.sheets),
  }
}

/** The port on which a process listens, as /proc shows it. */
function listeningPort(pid: number): number {
  const folder = `/proc/${pid}/fd`
  const open = new Set(
    readdirSync(folder).flatMap((name) => {
      try {
        return [/^socket:\[(\d+)\]$/.exec(readlinkSync(`${folder}/${name}`))?.[1]]
      } catch {
        return []
      }
    }),
  )
  const sockets = readFileSync(`/proc/${pid}/net/tcp`, 'utf8').split('\n').slice(1)
  for (const socket of sockets) {
    const [, address = '', , state, , , , , , inode] = socket.trim().split(/\s+/)
    if (state === '0A' && open.has(inode)) return Number.parseInt(address.split(':')[1] ?? '', 16)
  }
  throw new Error(`Expected the process ${pid} to listen, found no listening socket`)
}
