// Finds what a request for a receipt may see.
import type { FastifyRequest } from 'fastify'
import type { Forms } from '#kit/forms/load-forms.ts'
import type { StatusReader } from '#kit/status/port.ts'
import { languageOf, preferredLanguage } from '../page/language.ts'
import { wantsPage } from '../request-headers.ts'
import type { Secrets } from '../sign.ts'
import { isToken } from './link.ts'
import { receiptOf } from './receipt.ts'
import { type ReceiptView, renderReceipt } from './render-receipt.ts'

export interface Sources {
  /** With none, there are no receipts. */
  secrets: Secrets
  /** Undefined if nobody writes the status of submissions. */
  status: StatusReader | undefined
  forms: Pick<Forms, 'get'>
}

interface Opened {
  id: string
  /** The page or JSON, as the request wants it. */
  text: string
}

/** Many enough that the last reads of one are no longer in a cache of the processor, as those of a receipt that is asked for. */
const decoys = 256

export class ReceiptViews {
  #sources: Sources
  /** Submissions whose receipts were shown. They are read in turn, in place of those that may not be shown. */
  #shown: string[] = []
  #showing = 0
  #hiding = 0

  constructor(sources: Sources) {
    this.#sources = sources
  }

  /** Undefined unless the request has the right token, after the same work. */
  async open(request: FastifyRequest): Promise<Opened | undefined> {
    const { id } = request.params as { id: string }
    const { token } = request.query as { token?: unknown }
    const isRight = isToken(this.#sources.secrets, id, typeof token === 'string' ? token : '')
    const view = await this.viewOf(isRight ? id : this.#decoy(), request)
    const text = wantsPage(request) ? renderReceipt(view) : JSON.stringify(view.receipt)
    if (!isRight) return undefined
    this.#shown[this.#showing++ % decoys] = id
    return { id, text }
  }

  #decoy(): string {
    return this.#shown[this.#hiding++ % this.#shown.length] ?? ''
  }

  /** Call it with an id that `open` returned. */
  async viewOf(id: string, request: FastifyRequest): Promise<ReceiptView> {
    const { status, forms } = this.#sources
    const found = await status?.get(id)
    const form = found && forms.get(found.form)
    const { token } = request.query as { token?: string }
    const language = form ? languageOf(form, request) : preferredLanguage(request)
    return {
      receipt: receiptOf(id, { status: found, form, isFollowed: status !== undefined }),
      form,
      language,
      events: `/submissions/${id}/events?token=${token}&lang=${language}`,
    }
  }
}
