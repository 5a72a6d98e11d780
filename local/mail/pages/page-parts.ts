// Parts that all pages of the mailbox share.
import { type Html, html } from '#kit/html.ts'

export const logo = html`<svg class="logo" viewBox="0 0 24 24" width="28" height="28" aria-hidden="true">
<rect x="2" y="4" width="20" height="16" rx="3" fill="currentColor"/>
<path d="M5.5 8.5l6.5 5 6.5-5" stroke="var(--paper)" stroke-width="1.6" fill="none"/>
</svg>`

/** To the second, in the time zone of this machine, on which the reader sits too. */
export function time(iso: string): Html {
  const text = new Date(iso).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'medium' })
  return html`<time datetime="${iso}">${text}</time>`
}
