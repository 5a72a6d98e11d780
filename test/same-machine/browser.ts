// The Chromium of this machine, in which the name evil.example resolves to 127.0.0.1, as after DNS rebinding.
import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const executablePath = '/usr/bin/chromium'
export const hasBrowser = existsSync(executablePath)
if (!hasBrowser)
  console.warn('Skipped: the tests with web pages need Chromium (apt-get install chromium)')

export const openBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      // Chromium would ask the user before a page reaches this machine. Other browsers do not ask, so the test must hold without it.
      '--disable-features=LocalNetworkAccessChecks',
      '--host-resolver-rules=MAP evil.example 127.0.0.1',
    ],
  })
