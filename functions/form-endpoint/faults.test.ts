// Errors outside of submissions: errors of the endpoint are logged and counted, errors of the client keep their status.
import { expect, test } from '@jest/globals'
import { makeLog } from '#kit/events.fixture.ts'
import { makeApp } from './app.fixture.ts'

const failing = async (error: Error) => {
  const { log: logger, lines } = makeLog()
  const { app } = await makeApp({ logger })
  app.get('/failing', () => Promise.reject(error))
  const countOf = async (status: number) => {
    const { body } = await app.inject('/metrics')
    return Number(
      new RegExp(`^formstream_answers_total{status="${status}"} (\\d+)$`, 'm').exec(body)?.[1],
    )
  }
  return { app, lines, countOf }
}

test.each([401, 403, 406, 410, 414, 418, 426, 428, 431, 451])(
  'an error of status %i keeps it, as a problem that repeats no words of it',
  async (statusCode) => {
    const { app, lines, countOf } = await failing(
      Object.assign(new Error('secret'), { statusCode }),
    )
    const answer = await app.inject('/failing')
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([
      statusCode,
      expect.stringMatching(/^application\/problem\+json/),
    ])
    expect(answer.json()).toEqual({
      type: 'about:blank',
      status: statusCode,
      title: expect.stringMatching(/./),
    })
    expect([lines(), await countOf(statusCode)]).toEqual([[], 1])
  },
)

test.each([200, 302, 499.5, 502, 999, -1, undefined])(
  'an error of status %p, of a request that is no submission, is a 500 that is logged and counted',
  async (statusCode) => {
    const { app, lines, countOf } = await failing(
      Object.assign(new Error('secret'), { statusCode }),
    )
    for (let n = 0; n < 3; n++) expect((await app.inject('/failing')).statusCode).toBe(500)
    expect(lines()).toMatchObject([
      { level: 50, msg: 'requests fail', method: 'GET', url: '/failing', status: 500 },
    ])
    expect(JSON.stringify(lines())).not.toContain('secret')
    expect(await countOf(500)).toBe(3)
  },
)
