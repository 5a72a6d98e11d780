// Web pages of other sites: a server that Chromium reaches under several host names, so that its pages have several origins.
import { once } from 'node:events'
import { createServer, type OutgoingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Site {
  port: number
  /** Shows a page at an address from now on. A text is sent as it is, one byte for each character. */
  show: (path: string, html: string, headers?: OutgoingHttpHeaders) => void
  close: () => void
}

export async function openSite(): Promise<Site> {
  const pages = new Map<string, { html: string; headers: OutgoingHttpHeaders }>()
  const server = createServer(({ url = '' }, response) => {
    const page = pages.get(url)
    if (!page) {
      response.writeHead(404).end()
      return
    }
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...page.headers })
    response.end(Buffer.from(page.html, 'latin1'))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    show: (path, html, headers = {}) => {
      pages.set(path, { html, headers })
    },
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

/** A page as bytes of UTF-8. */
export const utf8 = (html: string): string => Buffer.from(html).toString('latin1')
