import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from '@jest/globals'
import { Webhook } from 'standardwebhooks'
import type { FormEvent } from '#kafka/define-event.ts'
import { submissionRefused, submissionValidated } from '#kafka/events.ts'
import { readConfig } from '#kit/config.ts'
import { deliver } from '#kit/deliver.ts'
import { openLedger } from '#kit/effects/open-ledger.ts'
import { demoForm, eventOf, inFolder, silent } from '#kit/events.fixture.ts'
import { emitter } from '#kit/follow-on-events.ts'
import { Options } from './options.ts'
import task from './task.ts'
import { key, type Received, type Receiver, startReceiver } from './webhook.fixture.ts'

interface World {
  receiver: Receiver
  /** Delivers an event to the task. Resolves with undefined, or with the name and message of the error. */
  send: (event?: FormEvent) => Promise<string | undefined>
  published: FormEvent[]
  notes: () => Record<string, string> | undefined
  /** Ends the task and starts it again, with another version of the form if one is given. */
  restart: (version?: string) => Promise<void>
}

const submission = (id = 's-1') =>
  eventOf(submissionValidated({ version: 'v', answers: { item1: 'say "hi"' } }), {
    id: `${id}.validation.0`,
    subject: id,
    time: new Date().toISOString(),
  }) as FormEvent

const three = ['a', 'b', 'c'].map((name) => ({ name, secret: 'crm' }))

const withTask = (
  targets: { name: string; path?: string; [option: string]: unknown }[],
  work: (world: World) => Promise<void>,
  environment: Record<string, string> = {},
) =>
  inFolder(async (folder) => {
    const receiver = await startReceiver()
    const options = Options.parse(
      targets.map(({ path, ...target }) => ({
        url: `${receiver.url}/${path ?? target.name}`,
        ...target,
      })),
    )
    const config = readConfig(task.config, {
      DATA_DIR: folder,
      WEBHOOK_SECRETS: `crm=${key},token=T0/x`,
      WEBHOOK_ALLOW: '127.0.0.1',
      ...environment,
    })
    const published: FormEvent[] = []
    const publish = async (event: FormEvent) => void published.push(event)
    let form = { ...demoForm({ webhook: options }), version: 'v1' }

    async function open() {
      const clients = await task.connect(config, {
        log: silent,
        emit: emitter('webhook', publish),
        optionsOf: () => options,
        formOf: () => form,
      })
      const ledger = await openLedger(task, { config, log: silent })
      return {
        forms: { get: (id: string) => ({ ...form, id }) },
        clients,
        ledger,
        publish,
        log: silent,
      }
    }

    let runtime = await open()
    async function close() {
      await runtime.clients.close()
      await runtime.ledger?.store.close()
    }
    await work({
      receiver,
      send: (event = submission()) =>
        deliver(task, event, runtime).then(
          () => undefined,
          ({ name, message }: Error) => `${name}: ${message}`,
        ),
      published,
      notes: () => runtime.clients.notes(),
      async restart(version = form.version) {
        await close()
        form = { ...form, version }
        runtime = await open()
      },
    }).finally(async () => {
      await close()
      receiver.close()
    })
  })

const paths = ({ received }: Receiver) => received.map(({ path }) => path).toSorted()

test('each target gets the event, signed, and each is published', () =>
  withTask(three, async ({ receiver, send, published }) => {
    const event = submission()
    expect(await send(event)).toBeUndefined()
    expect(paths(receiver)).toEqual(['/a', '/b', '/c'])
    expect(receiver.forged).toBe(0)
    for (const { headers, body } of receiver.received) {
      expect(headers['content-type']).toBe('application/cloudevents+json')
      expect(body).toEqual(event)
    }
    expect(published.map(({ id, data }) => [id, data]).toSorted()).toEqual(
      ['a', 'b', 'c'].map((target) => [
        `s-1.validation.0.webhook.${target}.0`,
        { target, status: 204, unknown: 0 },
      ]),
    )
  }))

test('a repeated event reaches nobody a second time', () =>
  withTask(three, async ({ receiver, send, restart }) => {
    await send()
    await send()
    await restart()
    await send()
    expect(paths(receiver)).toEqual(['/a', '/b', '/c'])
  }))

test('a submission of another form is another one, even if its producer gave it the same id', () =>
  withTask(three.slice(0, 2), async ({ receiver, send }) => {
    receiver.answers.set('/b', 503)
    for (const form of ['demo', 'other']) await send({ ...submission(), form })
    expect(paths(receiver)).toEqual(['/a', '/a'])
  }))

test('a target that fails is retried alone, and the others are published before', () =>
  withTask(three, async ({ receiver, send, published, restart }) => {
    receiver.answers.set('/b', 503)
    expect(await send()).toBe('RetryLater: Not delivered to "b": answered 503')
    expect(await send()).toBe('RetryLater: Not delivered to "b": answered 503')
    expect(published.map(({ data }) => (data as { target: string }).target).toSorted()).toEqual([
      'a',
      'c',
    ])
    await restart()
    receiver.answers.clear()
    expect(await send()).toBeUndefined()
    expect(Object.fromEntries(receiver.requests)).toEqual({ '/a': 1, '/b': 3, '/c': 1 })
    expect(new Set(published.map(({ id }) => id)).size).toBe(3)
  }))

test('the id of a message is the same for each attempt, and another one for each target and submission', () =>
  withTask(three.slice(0, 2), async ({ receiver, send }) => {
    receiver.answers.set('/b', 503)
    await send()
    receiver.answers.clear()
    await send()
    await send(submission('s-2'))
    expect(receiver.ids).toHaveLength(5)
    expect(new Set(receiver.ids).size).toBe(4)
  }))

test('after an answer that no retry changes the reason names the target', () =>
  withTask(three, async ({ receiver, send }) => {
    receiver.answers.set('/a', 400)
    receiver.answers.set('/b', 302)
    expect(await send()).toBe(
      'Rejected: Not delivered to "a": answered 400; ' +
        '"b": answered 302, a redirect, which is not followed: the form needs the final address',
    )
  }))

test('while one target may still work the event is retried; in the end only the one that refused is named', () =>
  withTask(three, async ({ receiver, send }) => {
    receiver.answers.set('/a', 404)
    receiver.answers.set('/b', 429)
    expect(await send()).toBe('RetryLater: Not delivered to "a": answered 404; "b": answered 429')
    receiver.answers.delete('/b')
    expect(await send()).toBe('Rejected: Not delivered to "a": answered 404')
    receiver.answers.delete('/a')
    expect(await send()).toBeUndefined()
    expect(paths(receiver)).toEqual(['/a', '/b', '/c'])
  }))

test('a lost answer is counted, and the message sent again under the same id', () =>
  withTask(three.slice(0, 1), async ({ receiver, send, published }) => {
    receiver.answers.set('/a', (response) => response.destroy())
    expect(await send()).toBe(
      'RetryLater: Not delivered to "a": its answer was lost: other side closed',
    )
    receiver.answers.clear()
    expect(await send()).toBeUndefined()
    expect(published.map(({ data }) => data)).toEqual([{ target: 'a', status: 204, unknown: 1 }])
  }))

test('a target that answered 410 gets nothing more until the form changes, also after a restart', () =>
  withTask(three.slice(0, 2), async ({ receiver, send, published, restart, notes }) => {
    receiver.answers.set('/a', 410)
    const early = submission('early')
    const first = submission()
    const kept =
      'Rejected: Not delivered to "a": answered 410 Gone: it gets nothing more until the form changes'
    await delay(5)
    expect(await send(first)).toBe(kept)
    receiver.answers.clear()
    // A replay of its letter, and an event that waited for the target: skipping them would lose them.
    expect([await send(first), await send(early)]).toEqual([kept, kept])
    await delay(5)
    expect(await send(submission('s-2'))).toBeUndefined()
    await restart()
    expect(await send(submission('s-3'))).toBeUndefined()
    expect(notes()).toEqual({
      'webhook demo/a': 'answered 410 Gone: it gets nothing more until the form changes',
    })
    expect(Object.fromEntries(receiver.requests)).toEqual({ '/a': 1, '/b': 4 })
    await restart('v2')
    expect(notes()).toEqual({})
    for (const event of [first, early]) expect(await send(event)).toBeUndefined()
    expect(await send(submission('s-4'))).toBeUndefined()
    expect(Object.fromEntries(receiver.requests)).toEqual({ '/a': 4, '/b': 5 })
    expect(new Set(published.map(({ id }) => id)).size).toBe(8)
  }))

test('a secret that operators have not given makes events wait, and the text names it', () =>
  withTask([{ name: 'a', secret: 'other' }], async ({ send, receiver, notes }) => {
    expect(await send()).toBe(
      'RetryLater: Not delivered to "a": Expected the secret "other" in WEBHOOK_SECRETS, found none',
    )
    expect(notes()?.['webhook demo/a']).toContain('Expected the secret "other"')
    expect(receiver.requests.size).toBe(0)
  }))

test('an address that WEBHOOK_ALLOW does not name is refused', () =>
  withTask(
    three.slice(0, 1),
    async ({ send, receiver }) => {
      expect(await send()).toBe(
        'Rejected: Not delivered to "a": Expected a public address or one in WEBHOOK_ALLOW, found 127.0.0.1 (loopback)',
      )
      expect(receiver.requests.size).toBe(0)
    },
    { WEBHOOK_ALLOW: '10.0.0.0/8' },
  ))

test('a template makes the body, and a secret may be part of the address', () => {
  const template = '{"text": "{{ item1 }} ({{ form.title }}, {{ submission.id }})"}'
  const target = { name: 'a', path: 'services/{token}', secret: 'crm', template }
  return withTask([target], async ({ receiver, send }) => {
    await send()
    expect(receiver.received).toMatchObject([
      {
        path: '/services/T0/x',
        headers: { 'content-type': 'application/json' },
        body: { text: 'say "hi" (A form, s-1)' },
      },
    ])
    expect(receiver.forged).toBe(0)
  })
})

test('two keys of a secret both sign, so that a target can change its key', () => {
  const other = `whsec_${Buffer.alloc(24, 9).toString('base64')}`
  return withTask(
    three.slice(0, 1),
    async ({ receiver, send }) => {
      await send()
      const { headers, body } = receiver.received[0] as Received
      for (const one of [other, key]) {
        new Webhook(one).verify(JSON.stringify(body), headers as Record<string, string>)
      }
      expect(String(headers['webhook-signature']).split(' ')).toHaveLength(2)
    },
    { WEBHOOK_SECRETS: `crm=${other},crm=${key}` },
  )
})

test('only the events that a target asks for are sent', () =>
  withTask(
    [
      { name: 'a', secret: 'crm' },
      { name: 'b', secret: 'crm', events: ['refused'] },
      { name: 'c', secret: 'crm', events: ['validated', 'refused'] },
    ],
    async ({ receiver, send }) => {
      await send()
      expect(paths(receiver)).toEqual(['/a', '/c'])
      const refused = submissionRefused({ version: 'v', errors: { item1: 'Expected a text' } })
      await send(eventOf(refused, { time: new Date().toISOString() }) as FormEvent)
      expect(paths(receiver)).toEqual(['/a', '/b', '/c', '/c'])
    },
  ))
