// Parts that the pages of all servers in local/ share.
import { attributes, type Html, html } from '#kit/html.ts'

/** `changes`: the event stream that page.js listens to. On an event it replaces the elements with `data-live`. */
export const layout = (title: string, changes: string | undefined, body: Html): string =>
  html`<!doctype html>
<html lang="en"${attributes({ 'data-changes': changes })}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/page.css">
${changes && html`<script src="/page.js" defer></script>`}
</head>
<body>${body}</body>
</html>
`.text

/** `title`: what appears by itself. */
export const live = (title: string): Html =>
  html`<span class="live" data-state="connecting" title="${title}"><i></i><b>live</b></span>`

export const count = (n: number, noun: string): string =>
  `${n.toLocaleString('en')} ${noun}${n === 1 ? '' : 's'}`
