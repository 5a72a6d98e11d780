// The texts of scripts for browsers, `<part>/browser/<name>.js`.
import { textOf } from './script-texts.ts'

/** As it is sent: without comments and indentation. `path`: from this folder, such as `page/browser/page.js`. */
export const readScript = (path: string): string =>
  textOf(path).replace(types, '').replace(commentsAndIndents, '')

/** Types within a line. */
const types = /\/\*\* @type .*?\*\/ /g
/** Other comments have lines of their own in these scripts. */
const commentsAndIndents = /^\s*(?:\/\/.*\n|\/\*[\s\S]*?\*\/\n)|^\s+/gm
