// Receipts: what became of a submission, for whoever has the address that came with the 202. Without the right token every answer
// is the same, and takes the same time, whether the submission exists or not.
import type { FastifyInstance } from 'fastify'
import { Followers } from './followers.ts'
import { receiptScript } from './receipt-script.ts'
import { ReceiptViews, type Sources } from './receipt-views.ts'
import { receiptPart } from './render-receipt.ts'
import { sendNotThere, sendReceipt } from './send-receipt.ts'

export function serveReceipts(app: FastifyInstance, sources: Sources): void {
  if (sources.secrets.length === 0) return
  const views = new ReceiptViews(sources)
  const followers = new Followers()

  app.get('/submissions/:id', async (request, reply) => {
    const opened = await views.open(request)
    return opened ? sendReceipt(request, reply, opened.text) : sendNotThere(request, reply)
  })
  app.get('/submissions/:id/events', { exposeHeadRoute: false }, async (request, reply) => {
    const opened = await views.open(request)
    if (!opened) return sendNotThere(request, reply)
    return followers.follow(reply, async () => {
      const view = await views.viewOf(opened.id, request)
      return { receipt: view.receipt, html: receiptPart(view).text }
    })
  })
  app.addHook('preClose', async () => followers.close())
  receiptScript.serve(app)
}
