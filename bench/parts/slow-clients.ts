// Clients that send a submission at a byte a second. One whose connection is closed connects again.
import { connect, type Socket } from 'node:net'

export interface SlowClients {
  /** How many connections are open. */
  open: () => number
  stop: () => void
}

/** Milliseconds between two bytes. */
const pause = 1000

const head = (length: number): string =>
  `POST /forms/student-data HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`

/** Half of them are slow with the headers, half with the body. */
export function startSlowClients(port: number, count: number): SlowClients {
  const clients = Array.from({ length: count }, (_, n) => new SlowClient(port, n % 2 === 0))
  // Spread over the pause.
  const timers = clients.map((client, n) => setTimeout(() => client.run(), (n * pause) / count))
  return {
    open: () => clients.filter((client) => client.isOpen).length,
    stop() {
      for (const timer of timers) clearTimeout(timer)
      for (const client of clients) client.stop()
    },
  }
}

class SlowClient {
  #port: number
  #slowHead: boolean
  #socket: Socket | undefined
  #timer: NodeJS.Timeout | undefined
  isOpen = false

  constructor(port: number, slowHead: boolean) {
    this.#port = port
    this.#slowHead = slowHead
  }

  run(): void {
    const text = head(60_000)
    let sent = this.#slowHead ? 0 : text.length
    const socket = connect(this.#port, '127.0.0.1', () => {
      this.isOpen = true
      if (!this.#slowHead) socket.write(text)
    })
    this.#socket = socket
    this.#timer = setInterval(() => socket.write(text[sent++] ?? ' '), pause)
    // Reads the 408, so that the server can close.
    socket.resume().on('error', () => {})
    socket.once('close', () => this.#again())
  }

  #again(): void {
    this.isOpen = false
    clearInterval(this.#timer)
    this.#timer = setTimeout(() => this.run(), pause)
  }

  stop(): void {
    this.#socket?.removeAllListeners('close').destroy()
    clearInterval(this.#timer)
  }
}
