// Takes the bodies that browsers send for an HTML form. Decoded here and not by a library, as adr/0018 explains.
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { tooLarge } from '../problem.ts'
import { charsetOf } from '../request-headers.ts'
import { answersIn, type Pair } from './form-answers.ts'
import { partsIn } from './multipart.ts'
import { pairsIn } from './urlencoded.ts'

type ReadPairs = (body: Buffer, request: FastifyRequest) => Pair[]

const types: Record<string, ReadPairs> = {
  'application/x-www-form-urlencoded': pairsIn,
  'multipart/form-data': (body, { headers }) => partsIn(body, headers['content-type'] ?? ''),
}

export function takeFormBody(app: FastifyInstance): void {
  for (const [type, read] of Object.entries(types)) {
    app.addContentTypeParser(type, { parseAs: 'buffer' }, (request, body, done) => {
      try {
        if (body.length > request.maxBytes) throw tooLarge(request.maxBytes)
        done(null, answersIn(read(body as Buffer, request), charsetOf(request)))
      } catch (error) {
        done(error as Error)
      }
    })
  }
}
