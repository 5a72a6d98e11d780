// Texts of forms from Markdown to HTML: headings, emphasis, lists, quotes, code and links. HTML in them is shown as text.
import type { MarkdownIt } from 'markdown-it'
import { Html } from '#kit/html.ts'

let renderer: Promise<MarkdownIt> | undefined

export async function markdown(text: string): Promise<Html> {
  renderer ??= load()
  return new Html((await renderer).render(text))
}

/** Loaded on first use: an endpoint that only takes JSON does not need it, and starts faster. */
async function load(): Promise<MarkdownIt> {
  const { default: Markdown } = await import('markdown-it')
  const markdownIt = new Markdown('commonmark', { html: false }).disable('image')
  markdownIt.validateLink = (address) => /^(https?:|mailto:|#|\/(?!\/))/i.test(address.trim())
  // The heading of the page is its only one of the first level.
  markdownIt.core.ruler.push('headings', ({ tokens }) => {
    for (const token of tokens) token.tag = token.tag.replace(/^h([1-5])$/, lower)
  })
  return markdownIt
}

const lower = (_: string, level: string): string => `h${Number(level) + 1}`
