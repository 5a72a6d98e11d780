// The documents name files, folders and headings that exist.
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from '@jest/globals'

const rooms = '{functions,kafka,knative,local,scripts,test,bench,docs,forms}'
const files = globSync(`${rooms}/**`)
const documents = globSync(['*.md', 'docs/**/*.md'])

/** `npm run generate -- --check` fails if one of these is missing. */
const generated = ['docs/commands.md', 'docs/settings.md']
/** A form and a task that the documents use as examples. */
const example = /\b(feedback|shout)\b/

/** Paths from the root, and any name of a .ts file, which may be shortened: `rows/columns.ts`. */
const isPath = (code: string): boolean =>
  /^[\w./-]+\.ts$/.test(code) ||
  /^(functions|kafka|knative|local|scripts|test)\/[\w./-]+$/.test(code)

const isThere = (path: string): boolean =>
  existsSync(path) || files.some((file) => file.endsWith(`/${path}`))

const prose = (text: string): string => text.replaceAll(/```.*?```/gs, '')

const headingsOf = (file: string): string[] =>
  [...prose(readFileSync(file, 'utf8')).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  )

test.each(documents)('files and folders that %s names exist', (document) => {
  const text = prose(readFileSync(document, 'utf8'))
  const named = [...text.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code)
  const paths = named.filter((code) => isPath(code) && !example.test(code))
  expect(paths.filter((path) => !isThere(path))).toEqual([])
})

test.each(documents)('links of %s lead to a file and a heading that exist', (document) => {
  const text = readFileSync(document, 'utf8')
  const links = [...text.matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, link = '']) => link)
  const isBroken = (link: string): boolean => {
    const [path = '', heading] = link.split('#')
    const file = path ? join(dirname(document), path) : document
    if (generated.includes(file)) return false
    return !existsSync(file) || (heading !== undefined && !headingsOf(file).includes(heading))
  }
  expect(links.filter(isBroken)).toEqual([])
})
