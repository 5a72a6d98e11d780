// Parts that all pages of the emulator share.
import { type Html, html } from '#kit/html.ts'

/** `data-changes`: the event stream that page.js listens to. On an event it replaces the elements with `data-live`. */
export const layout = (title: string, changes: string, body: Html): string =>
  html`<!doctype html>
<html lang="en" data-changes="${changes}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/page.css">
<script src="/page.js" defer></script>
</head>
<body>${body}</body>
</html>
`.text

export const linkTo = (id: string, tab: string): string =>
  `/spreadsheets/${encodeURIComponent(id)}?tab=${encodeURIComponent(tab)}`

export const logo = html`<svg class="logo" viewBox="0 0 24 24" width="28" height="28" aria-hidden="true">
<rect x="3" y="2" width="18" height="20" rx="3" fill="currentColor"/>
<path d="M7 8.5h10M7 13h10M7 17.5h10M12 8.5v9" stroke="var(--paper)" stroke-width="1.6" fill="none"/>
</svg>`

export const live = html`<span class="live" data-state="connecting" title="New rows appear by themselves"><i></i><b>live</b></span>`

export const count = (n: number, noun: string): string =>
  `${n.toLocaleString('en')} ${noun}${n === 1 ? '' : 's'}`
