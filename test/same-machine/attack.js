// Runs in a web page: makes each call in every way that a page can. Resolves with one line for each call whose answer the page could read.
export async function attack(calls) {
  const refused = [401, 403]
  // Milliseconds. Long, because all calls are made at once and a busy machine answers the last one late.
  const timeout = 30_000

  const ways = {
    async cors({ url, method, headers, body }) {
      const signal = AbortSignal.timeout(timeout)
      const { status } = await fetch(url, { method, headers, body, signal })
      return refused.includes(status) ? undefined : `status ${status}`
    },
    async opaque({ url, method, body }) {
      const signal = AbortSignal.timeout(timeout)
      const simple = method === 'GET' ? { method } : { method: 'POST', body: body ?? '' }
      const { type, status } = await fetch(url, { ...simple, mode: 'no-cors', signal })
      return type === 'opaque' || refused.includes(status) ? undefined : `status ${status}`
    },
    form: ({ url, body }) =>
      new Promise((done) => {
        const name = `frame${Math.random()}`
        const frame = Object.assign(document.createElement('iframe'), { name })
        const form = Object.assign(document.createElement('form'), {
          action: url,
          method: 'post',
          enctype: 'text/plain',
          target: name,
        })
        form.append(Object.assign(document.createElement('input'), { name: body ?? 'a' }))
        document.body.append(frame, form)
        frame.onload = () => done()
        setTimeout(done, timeout)
        form.submit()
      }),
    image: ({ url }) =>
      new Promise((done) => {
        const image = new Image()
        image.onload = () => done('loaded')
        image.onerror = () => done()
        setTimeout(done, timeout)
        image.src = url
      }),
    events: ({ url }) =>
      new Promise((done) => {
        const source = new EventSource(url)
        const end = (seen) => {
          source.close()
          done(seen)
        }
        source.onopen = () => end('opened')
        source.onerror = () => end()
        setTimeout(end, timeout)
      }),
    async beacon({ url, body }) {
      navigator.sendBeacon(url, body ?? '')
    },
  }

  const attempts = calls.flatMap((call) =>
    Object.entries(ways).map(async ([way, send]) => {
      const seen = await send(call).catch(() => undefined)
      return seen === undefined ? [] : [`${way} ${call.method} ${call.url}: ${seen}`]
    }),
  )
  return (await Promise.all(attempts)).flat()
}
