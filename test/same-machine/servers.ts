// The servers of an `npm start` that are not for people, and what somebody would ask them for.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { submissionValidated } from '#kafka/events.ts'
import { eventOf, wireOf } from '#kit/events.fixture.ts'

export interface Call {
  method: string
  /** With the server's own address in front it is a URL. */
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

export const calls: Record<'control' | 'function' | 'emulator', Call[]> = {
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

/** Where a process listens, by what the system says of its sockets. */
export function portOf(pid: number): number {
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
  throw new Error(`Expected the process ${pid} to listen`)
}
