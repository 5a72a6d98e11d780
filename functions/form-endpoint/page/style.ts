// The style of all pages. It is part of the page, so that the first paint needs one request.
import { hash } from 'node:crypto'
import { Html } from './html.ts'

const css = `
:root { color-scheme: light dark; --text: #1a1a1a; --soft: #595959; --line: #767676; --back: #fff; --wrong: #b00020; --main: #0b57d0; --on-main: #fff }
@media (prefers-color-scheme: dark) { :root { --text: #ececec; --soft: #b5b5b5; --line: #8c8c8c; --back: #16181c; --wrong: #ff9aa2; --main: #9cc2ff; --on-main: #06225c } }
* { box-sizing: border-box }
body { margin: 0; background: var(--back); color: var(--text); font: 1rem/1.5 system-ui, sans-serif }
main { max-width: 40rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; overflow-wrap: anywhere }
h1 { line-height: 1.2 }
a { color: var(--main) }
form > div, fieldset { margin: 0 0 1.25rem; padding: 0; border: 0; min-width: 0 }
label, legend { display: block; font-weight: 600; padding: 0 }
fieldset label, label.box { font-weight: 400 }
small, .help { color: var(--soft); font-weight: 400; margin: 0; font-size: .9rem }
input:not([type=checkbox]), select, textarea { width: 100%; min-height: 2.75rem; padding: .5rem; font: inherit; color: inherit; background: var(--back); border: 1px solid var(--line); border-radius: .25rem }
input[type=checkbox] { width: 1.25rem; height: 1.25rem; vertical-align: middle; margin: .5rem }
[aria-invalid=true] { border: 2px solid var(--wrong) }
.wrong { color: var(--wrong); margin: 0; font-weight: 600 }
button { min-height: 2.75rem; padding: .5rem 1.5rem; font: inherit; font-weight: 600; color: var(--on-main); background: var(--main); border: 0; border-radius: .25rem; cursor: pointer }
:focus-visible { outline: 3px solid var(--main); outline-offset: 2px }
`

export const style = new Html(`<style>${css}</style>`)

/** As Content-Security-Policy names it. */
export const styleHash = `'sha256-${hash('sha256', css, 'base64')}'`
