// Google's default credentials with a deadline. Google's library has none: one token request that hangs would keep every later
// call waiting for it until the process restarts.
import { setTimeout as delay } from 'node:timers/promises'
import { auth } from '@googleapis/sheets'
import { RetryLater } from '#kit/errors.ts'

type GoogleAuth = InstanceType<typeof auth.GoogleAuth>
const scopes = ['https://www.googleapis.com/auth/spreadsheets']

export class DeadlineAuth extends auth.GoogleAuth {
  #timeout: number
  #google: GoogleAuth

  constructor(timeout: number) {
    super({ scopes })
    this.#timeout = timeout
    this.#google = connect(timeout)
  }

  /** Constant: the library would ask a server, which may hang as well. */
  override async getUniverseDomain(): Promise<string> {
    return 'googleapis.com'
  }

  override async request<Data>(options: Parameters<GoogleAuth['request']>[0]) {
    await this.#fetchToken()
    // The library now has a token and requests none.
    return this.#google.request<Data>(options)
  }

  async #fetchToken(): Promise<void> {
    const google = this.#google
    const ended = new AbortController()
    const late = delay(this.#timeout, 'late', { signal: ended.signal }).catch(() => 'ended')
    try {
      if ((await Promise.race([google.getRequestHeaders(), late])) !== 'late') return
    } finally {
      ended.abort()
    }
    // A new instance makes a new request; the old one would wait for the one that hangs.
    if (this.#google === google) this.#google = connect(this.#timeout)
    throw new RetryLater(`Expected an access token within ${this.#timeout} ms, found no answer`)
  }
}

const connect = (timeout: number): GoogleAuth =>
  new auth.GoogleAuth({
    scopes,
    // Sheets needs no project. Without one the library asks a server for it, which may not exist.
    projectId: 'none',
    clientOptions: {
      transporterOptions: {
        // Closes the connection of a request that nobody waits for any more.
        adapter: (options, send) => send({ ...options, signal: AbortSignal.timeout(timeout) }),
      },
    },
  })
