// Google's default credentials, with a deadline for what they fetch. Google's library has none, and lets everybody who asks meanwhile
// wait for the one request that hangs: without an end, no row would be written until the process is started anew.
import { setTimeout as delay } from 'node:timers/promises'
import { auth } from '@googleapis/sheets'
import { RetryLater } from '#kit/errors.ts'

type GoogleAuth = InstanceType<typeof auth.GoogleAuth>
const scopes = ['https://www.googleapis.com/auth/spreadsheets']

export class TimelyAuth extends auth.GoogleAuth {
  #timeout: number
  #google: GoogleAuth

  constructor(timeout: number) {
    super({ scopes })
    this.#timeout = timeout
    this.#google = connect(timeout)
  }

  /** Not asked of a server: it would be one more that may hang. */
  override async getUniverseDomain(): Promise<string> {
    return 'googleapis.com'
  }

  /** With a token in hand the library fetches none. */
  override async request<Data>(options: Parameters<GoogleAuth['request']>[0]) {
    await this.#token()
    return this.#google.request<Data>(options)
  }

  async #token(): Promise<void> {
    const google = this.#google
    const ended = new AbortController()
    const late = delay(this.#timeout, 'late', { signal: ended.signal }).catch(() => 'ended')
    try {
      if ((await Promise.race([google.getRequestHeaders(), late])) !== 'late') return
    } finally {
      ended.abort()
    }
    // The next attempt asks anew.
    if (this.#google === google) this.#google = connect(this.#timeout)
    throw new RetryLater(`Expected an access token within ${this.#timeout} ms, found no answer`)
  }
}

const connect = (timeout: number): GoogleAuth =>
  new auth.GoogleAuth({
    scopes,
    // Sheets asks for none; without one the library looks for it on a server that may not be there.
    projectId: 'none',
    clientOptions: {
      transporterOptions: {
        // So that no connection stays open for what nobody waits for any more.
        adapter: (options, send) => send({ ...options, signal: AbortSignal.timeout(timeout) }),
      },
    },
  })
