// The frame of every page.

import { type Html, html } from '#kit/html.ts'
import { formScript } from './form-script.ts'
import { directionOf } from './language.ts'
import { style } from './style.ts'

interface Layout {
  language: string
  title: string
  body: Html
  /** Whether the page has a form, for which the script is. */
  withScript?: boolean
  /** More elements of the head. */
  head?: Html
}

export const layout = ({ language, title, body, withScript = false, head }: Layout): string =>
  html`<!doctype html>
<html lang="${language}" dir="${directionOf(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
${style}
${withScript && html`<script type="module" src="${formScript.address}"></script>`}
${head}
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`.text

/** Links to the page in the other languages, named in their own words. */
export function languageLinks(languages: string[], current: string): Html | undefined {
  const others = languages.filter((language) => language !== current)
  if (others.length === 0) return undefined
  const links = others.map((tag) => {
    const name = new Intl.DisplayNames(tag, { type: 'language' }).of(tag)
    return html`<a href="?lang=${tag}" hreflang="${tag}" lang="${tag}">${name}</a> `
  })
  return html`<nav class="languages">${links}</nav>`
}
