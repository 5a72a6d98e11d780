// Parts that all pages of the emulator share.
import { html } from '#kit/html.ts'
import { live } from '../../pages/layout.ts'

export const linkTo = (id: string, tab: string): string =>
  `/spreadsheets/${encodeURIComponent(id)}?tab=${encodeURIComponent(tab)}`

export const logo = html`<svg class="logo" viewBox="0 0 24 24" width="28" height="28" aria-hidden="true">
<rect x="3" y="2" width="18" height="20" rx="3" fill="currentColor"/>
<path d="M7 8.5h10M7 13h10M7 17.5h10M12 8.5v9" stroke="var(--paper)" stroke-width="1.6" fill="none"/>
</svg>`

export const liveRows = live('New rows appear by themselves')
