// The endpoint with the forms of the folder beside, and the Chromium of this machine, for tests of what people see.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { AxeResults } from 'axe-core'
import type { FastifyInstance } from 'fastify'
import { pino } from 'pino'
import type { Browser, Page } from 'playwright-core'
import type { FormEvent } from '#kafka/define-event.ts'
import { LogUnavailable } from '#kafka/log/port.ts'
import { loadForms } from '#kit/forms/load-forms.ts'
import { readRecord } from '#kit/http/read-event.ts'
import { buildApp } from '../../functions/form-endpoint/app.ts'
import { openBrowser } from '../same-machine/browser.ts'

export interface Site {
  app: FastifyInstance
  base: string
  browser: Browser
  /** The events in the log, in order. */
  events: FormEvent[]
  /** With which pages are signed. */
  secrets: string[]
  /** Submissions are refused with 503 while it is true. */
  outage: boolean
  close: () => Promise<void>
}

export async function openSite(): Promise<Site> {
  const forms = await loadForms(join(import.meta.dirname, 'forms'), { knownTasks: {} })
  const events: FormEvent[] = []
  const log = {
    async append(_topic: string, message: Parameters<typeof readRecord>[0]) {
      if (site.outage) throw new LogUnavailable('away', { begun: false })
      events.push(readRecord(message))
    },
    consume: () => Promise.reject(new Error('Expected no consumer')),
    ready: () => true,
    close: async () => {},
  }
  const secrets = ['a secret of 32 characters or more']
  const logger = pino({ level: 'silent' })
  const app = buildApp({ forms, log, secrets, logger, listForms: true })
  const base = await app.listen({ port: 0, host: '127.0.0.1' })
  const browser = await openBrowser()
  const site: Site = {
    ...{ app, base, browser, events, secrets },
    outage: false,
    async close() {
      await browser.close()
      await app.close()
      forms.close()
    },
  }
  return site
}

/** A submission that is stored twice has two events of one id. */
export const submissionsIn = (events: FormEvent[]): number =>
  new Set(events.map(({ id }) => id)).size

export const answersIn = (events: FormEvent[]): unknown[] =>
  events.map(({ data }) => (data as { answers: unknown }).answers)

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What axe-core finds: rule and elements. Run by the debugger, as the pages allow no script of others. */
export async function violationsOn(page: Page): Promise<string[]> {
  const { violations } = await page.evaluate<AxeResults>(`${axe}; axe.run()`)
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))
}
