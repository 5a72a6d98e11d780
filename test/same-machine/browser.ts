// A Chromium that the machine has, for which the name evil.example has been pointed at this machine.
import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const executablePath = '/usr/bin/chromium'
export const hasBrowser = existsSync(executablePath)
if (!hasBrowser) console.warn('Skipped: pages need Chromium (apt-get install chromium)')

export const openBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      // Not every browser asks before a page reaches this machine: without it Chromium is as the others.
      '--disable-features=LocalNetworkAccessChecks',
      '--host-resolver-rules=MAP evil.example 127.0.0.1',
    ],
  })
