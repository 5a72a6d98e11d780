// The frame of every page.
import { type Html, html } from './html.ts'
import { style } from './style.ts'

interface Layout {
  language: string
  title: string
  body: Html
}

export const layout = ({ language, title, body }: Layout): string =>
  html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
${style}
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`.text
