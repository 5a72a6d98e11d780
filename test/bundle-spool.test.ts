// The bundle of the endpoint with a spool, in front of a KafkaSink that is away.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { endpointFacts } from '../knative/generate/function-facts.ts'
import { bundle } from '../scripts/build/bundle.ts'
import { type Alone, startAlone } from './bundle-process.ts'
import { freePorts } from './free-ports.ts'
import { until } from './until.ts'

let folder: string
let port: number
let built: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'formstream-bundle-spool-'))
  await mkdir(join(folder, 'forms'))
  const form = 'title: Demo\nfields:\n  item1: { type: text }\n'
  await writeFile(join(folder, 'forms', 'demo.yaml'), form)
  port = (await freePorts(1))[0] as number
  built = (await bundle(endpointFacts(), folder)).folder
}, 60_000)
afterAll(() => rm(folder, { recursive: true }))

const start = (): Promise<Alone> =>
  startAlone(built, {
    FORMS_DIR: join(folder, 'forms'),
    SPOOL_DIR: join(folder, 'spool'),
    K_SINK: `http://127.0.0.1:${port}/topic`,
  })

async function submit(url: string): Promise<string> {
  const headers = { 'content-type': 'application/json' }
  const sent = { method: 'POST', headers, body: '{"item1":"a"}' }
  const answer = await fetch(`${url}/forms/demo`, sent)
  expect(answer.status).toBe(202)
  return ((await answer.json()) as { id: string }).id
}

async function readiness(url: string): Promise<{ status: number; body: object }> {
  const answer = await fetch(`${url}/health/readiness`)
  return { status: answer.status, body: (await answer.json()) as object }
}

/** A KafkaSink that records the ids of what it accepts. */
function startSink(): { ids: string[]; close: () => void } {
  const ids: string[] = []
  const server = createServer(({ headers }, response) => {
    const id = headers['ce-id']
    if (id) ids.push(String(id))
    response.writeHead(id ? 202 : 400).end()
  }).listen(port, '127.0.0.1')
  return {
    ids,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

test('submissions are accepted without the sink, survive kill -9, and reach the sink once it is there', async () => {
  const first = await start()
  const since = expect.any(String)
  const accepted = [await submit(first.url), await submit(first.url)]
  expect(await readiness(first.url)).toEqual({
    status: 200,
    body: { status: 'spooling', spool: { since, waiting: 2 } },
  })
  await expect(start()).rejects.toThrow(/spool\.sqlite belongs to another instance/)
  first.child.kill('SIGKILL')
  await first.exited

  const second = await start()
  accepted.push(await submit(second.url))
  const sink = startSink()
  await until(async () => JSON.stringify(await readiness(second.url)).includes('"up"'))
  expect(sink.ids).toEqual(accepted)
  await submit(second.url)
  expect(sink.ids).toHaveLength(4)
  expect(await second.stop()).toBe(0)
  sink.close()
})
