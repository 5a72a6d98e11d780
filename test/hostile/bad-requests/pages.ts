// Requests of browsers: what they show must be escaped, and must lead nowhere else.
import type { Random } from '../../sheets/random.ts'
import { attacks, isEscaped } from '../attacks.ts'
import { badRequests } from '../kind.ts'
import { message } from '../message.ts'
import { ascii } from '../random-parts.ts'
import { form } from './form-bodies.ts'

const browser = [['Accept', 'text/html']] as const
const page = (body: string, path = '/forms/all'): Buffer =>
  message({
    path,
    body,
    headers: [['Content-Type', 'application/x-www-form-urlencoded'], ...browser],
  })

const headOf = (answer: string): string => answer.split('\r\n\r\n', 1)[0] as string
const leadsNowhere = (answer: string): boolean => !/evil\.example|set-cookie/i.test(headOf(answer))

const attack = (random: Random): string => encodeURIComponent(random.pick(attacks).toWellFormed())
const evil = (random: Random): string =>
  encodeURIComponent(
    random.pick([
      'https://evil.example',
      '//evil.example',
      '/\\evil.example',
      'https:evil.example',
      'http://evil.example/',
      'javascript:alert(1)//evil.example',
      '/%2f/evil.example',
      'https://all@evil.example',
      '/\t/evil.example',
      '/a\r\nLocation: https://evil.example',
    ]),
  )

export default [
  ...badRequests(
    {
      'attacks as answers, shown again': (random) =>
        page(`text=${attack(random)}&multiline=${attack(random)}&number=${attack(random)}z`),
      'attacks as names': (random) => page(`text=a&x${attack(random)}=1`),
      'attacks as choices': (random) =>
        page(`text=a&choice=${attack(random)}&multi_choice=${attack(random)}`),
      'attacks in a language': (random) =>
        message({
          path: '/forms/all',
          body: 'number=z',
          headers: [
            ['Content-Type', 'application/x-www-form-urlencoded'],
            ...browser,
            [
              'Accept-Language',
              random.pick([
                '<script>',
                '"><svg',
                'en;q=x',
                '*',
                'hi;q=NaN',
                '__proto__',
                'constructor',
              ]),
            ],
          ],
        }),
      'attacks in an address': (random) =>
        message({
          method: 'GET',
          path: `/forms/${attack(random)}/${random.pick(['', 'thanks', 'schema.json', 'x'])}`,
          headers: [...browser],
        }),
      'attacks as a key': (random) => page(`text=&_key=${attack(random)}`),
    },
    isEscaped,
  ),
  ...badRequests(
    {
      'another target behind a wrong answer': (random) => page(`text=&_redirect=${evil(random)}`),
      'another target in the query': (random) =>
        page('text=', `/forms/all?_redirect=${evil(random)}&redirect=${evil(random)}`),
      'another Host': (random) =>
        form('text=', undefined, [
          ...browser,
          ['X-Forwarded-Host', 'evil.example'],
          ['Forwarded', 'host=evil.example'],
          ['X-Original-URL', random.pick(['/admin', '//evil.example'])],
          ['X-Forwarded-Proto', random.pick(['javascript', 'https'])],
        ]),
      'another Host for a page': (random) =>
        `GET /forms/${random.pick(['none', 'none/thanks', '%2f%2fevil.example'])} HTTP/1.1\r\nHost: evil.example\r\nAccept: text/html\r\nConnection: close\r\n\r\n`,
      'a receipt without its token': (random) =>
        message({
          method: 'GET',
          path: `/submissions/${random.pick(['01a22015-33d2-780f-8186-90c71e05e27a', '..%2f..', '%00', '__proto__', ascii(random).replaceAll(/\W/g, 'x')])}${random.pick(['', '?token=', `?token=${ascii(random, 60).replaceAll(/\W/g, 'a')}`, '?token[]=a&token=b', '?token=%00', '?token=../'])}`,
          headers: random.oneIn(2) ? [...browser] : [],
        }),
      'a submission to an address that is only read': (random) =>
        page(
          'text=a',
          random.pick([
            '/embed.js',
            '/page.js',
            '/forms/all/thanks',
            '/openapi.json',
            '/forms/all/schema.json',
            '/submissions/a',
            '/health/liveness',
          ]),
        ),
      'a page of no form': (random) =>
        message({
          method: random.pick(['GET', 'HEAD']),
          path: `/${random.pick(['forms/none', 'forms/none/thanks', 'forms/all/x', 'no-form/'])}`,
          headers: [...browser],
        }),
    },
    leadsNowhere,
  ),
]
