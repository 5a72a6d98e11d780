// The page of one mail.
import { type Html, html } from '#kit/html.ts'
import { layout } from '../../pages/layout.ts'
import type { Mail } from '../store.ts'
import { logo, time } from './page-parts.ts'

/** The page shows so much of the source; all of it is one link away. Bytes. */
const maxSource = 100_000

export function renderMail(mail: Mail, source: Uint8Array): string {
  const title = mail.subject || 'No subject'
  const text = Buffer.from(source.subarray(0, maxSource)).toString('utf8')
  return layout(
    title,
    undefined,
    html`<header class="bar"><a href="/" aria-label="All mails">${logo}</a><div><h1>${title}</h1>
<p>${time(mail.receivedAt)}</p></div></header>
<main class="one">
<dl>${row('From', mail.from)}${row('To', mail.to)}${row('Message-ID', mail.messageId)}</dl>
${mail.html !== null && frame(mail.id)}
${mail.text !== null && part('Text', html`<pre tabindex="0">${mail.text}</pre>`)}
${part('Headers', html`<pre tabindex="0">${headersIn(text)}</pre>`)}
${part('Source', sourceOf(mail.id, { text, cut: source.byteLength > maxSource }))}
</main>`,
  )
}

const row = (name: string, value: string): Html => html`<dt>${name}</dt><dd>${value || 'none'}</dd>`

const part = (title: string, content: Html): Html =>
  html`<section class="card"><h2>${title}</h2>${content}</section>`

/** Scripts do not run, and nothing is loaded: routes.ts sends it with a policy that says so once more. */
const frame = (id: string): Html =>
  part(
    'HTML',
    html`<iframe title="The mail as HTML" src="/mails/${id}/html" sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>`,
  )

/** Up to the first empty line. */
const headersIn = (source: string): string => source.split(/\r?\n\r?\n/, 1)[0] ?? ''

const sourceOf = (id: string, { text, cut }: { text: string; cut: boolean }): Html =>
  html`<details><summary>Show</summary><pre tabindex="0">${text}</pre></details>
<p><a href="/mails/${id}/source">${cut ? 'The whole source' : 'The source'} as a plain file</a></p>`
