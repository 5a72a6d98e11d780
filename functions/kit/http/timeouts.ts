// How long a server waits for who connects to it. Names as in Node and fastify; milliseconds.

export interface Timeouts {
  /** From the start of a request, or from the connection, to the end of its headers. */
  headersTimeout: number
  /** To the end of its body. 64 KiB at 2 KB/s, a slow phone, take half of it. */
  requestTimeout: number
  /** Without a next request; longer than the 60 s that proxies in front of it usually keep a connection. */
  keepAliveTimeout: number
  /** Without a byte either way, as with a client that does not read its answer. 0: none, as answers may take long. */
  connectionTimeout: number
  /** Between two looks for requests that are late: they end so much later at most. */
  connectionsCheckingInterval: number
}

export const timeouts: Timeouts = {
  headersTimeout: 20_000,
  requestTimeout: 60_000,
  keepAliveTimeout: 72_000,
  connectionTimeout: 0,
  connectionsCheckingInterval: 5_000,
}
