// The first page: the newest mails.
import { type Html, html } from '#kit/html.ts'
import { count, layout, live } from '../../pages/layout.ts'
import type { Mail, MailStore } from '../store.ts'
import { logo, time } from './page-parts.ts'

/** Keeps the page small: it is sent again with each mail. */
const shown = 200

export function renderList(store: MailStore): string {
  const mails = store.newest(shown)
  return layout(
    'Mailbox',
    '/changes',
    html`<header class="bar">${logo}<div><h1>Mailbox</h1>
<p id="summary" data-live>${summary(store)}</p></div>${live('New mails appear by themselves')}</header>
<main class="mails" id="mails" data-live>${mails.length ? html`<ol>${mails.map(entry)}</ol>` : empty}
<p class="limits">${limitsOf(store)}</p></main>`,
  )
}

function summary(store: MailStore): string {
  const number = store.count()
  if (number === 0) return 'A stand-in for a mail server on this machine: no mail leaves it.'
  return count(number, 'mail') + (number > shown ? ` · the newest ${shown} shown` : '')
}

function limitsOf({ limits: { mails, bytes } }: MailStore): string {
  const size = `${Math.floor(bytes / 1024 / 1024)} MiB`
  return `Kept on disk: the newest ${count(mails, 'mail')}, at most ${size}. Older ones are deleted.`
}

const entry = ({ id, to, subject, receivedAt }: Mail): Html =>
  html`<li><a class="mail" href="/mails/${id}"><span class="to">${to}</span>
<span class="subject">${subject || 'No subject'}</span>${time(receivedAt)}</a></li>`

const empty = html`<section class="empty"><h2>No mail yet</h2>
<p>Submit a form that sends a confirmation: its mail appears here.</p></section>`
