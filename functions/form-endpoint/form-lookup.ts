// Finds the form that a request addresses, by id or by path, and chooses the error if there is none.
import type { FastifyRequest } from 'fastify'
import type { Form } from '#kit/forms/form.ts'
import type { Forms } from '#kit/forms/load-forms.ts'
import { notAllowed, notFound, type ProblemError, wrongForm } from './problem.ts'

export interface FormLookup {
  formOf: (request: FastifyRequest) => Form | undefined
  /** Throws a 404, or a 503 if the form's file is wrong. */
  requireForm: (request: FastifyRequest) => Form
  /** For a POST to an address without a form. */
  noFormToSubmit: (request: FastifyRequest) => ProblemError
  /** For a request that has no route. */
  noRoute: (request: FastifyRequest) => ProblemError
}

/** `methodsAt`: the methods of a path, see `watchMethods`. */
export function formLookup(
  forms: Pick<Forms, 'get' | 'byPath' | 'wrong'>,
  methodsAt: (path: string) => string[],
): FormLookup {
  const isRead = (path: string): boolean =>
    !formAddress.test(path) && methodsAt(path).includes('GET')

  function formOf(request: FastifyRequest): Form | undefined {
    const id = idOf(request)
    return id === undefined ? forms.byPath(pathOf(request)) : forms.get(id)
  }

  /** 503 while the form's file is wrong: a 404 would make clients give up. */
  function noForm(request: FastifyRequest, expected: string): ProblemError {
    return forms.wrong(idOf(request) ?? pathOf(request)) ? wrongForm() : notFound(expected)
  }

  return {
    formOf,
    requireForm(request) {
      const form = formOf(request)
      if (!form) throw noForm(request, 'Expected the id of a form')
      return form
    },
    noFormToSubmit: (request) =>
      isRead(pathOf(request))
        ? notAllowed(readMethods)
        : noForm(request, 'Expected the address of a form'),
    noRoute(request) {
      const path = pathOf(request)
      if (isRead(path)) return notAllowed(readMethods)
      const form = formOf(request)
      if (form) return notAllowed(methodsOf(form))
      return notFound('Expected /forms/<form>, or GET its schema.json or openapi.json')
    },
  }
}

const formAddress = /^\/forms\/([^/]+)\/?$/
const readMethods = ['GET', 'HEAD']
export const formMethods = [...readMethods, 'POST']

/** OPTIONS is for pages of other sites, see origins/serve-cors.ts. */
const methodsOf = ({ origins }: Form): string[] =>
  origins.length > 0 ? [...formMethods, 'OPTIONS'] : formMethods

/** From the address itself for a request without a route of its own, such as OPTIONS. */
const idOf = (request: FastifyRequest): string | undefined =>
  (request.params as { form?: string }).form ?? formAddress.exec(pathOf(request))?.[1]

const pathOf = ({ url }: FastifyRequest): string => url.split('?')[0] ?? ''
