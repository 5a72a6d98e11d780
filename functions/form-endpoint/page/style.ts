// The style of all pages. It is part of the page, so that the first paint needs one request.
import { hash } from 'node:crypto'
import { Html } from '#kit/html.ts'

/** Also for a shadow root. Colours have a contrast of at least 4.5 to 1 (WCAG AA) on their background. */
export const css = `
:root, :host { color-scheme: light dark; --text: #1b1c1f; --soft: #5a5d63; --line: #74777d; --back: #fff; --field: #fff; --page: #f4f5f7; --wrong: #b3261e; --main: #0b57d0; --on-main: #fff }
@media (prefers-color-scheme: dark) { :root, :host { --text: #e8e9ec; --soft: #b3b6bd; --line: #8a8d94; --back: #1f2126; --field: #17191d; --page: #131418; --wrong: #ffb4ab; --main: #a8c7fa; --on-main: #062e6f } }
*, ::before { box-sizing: border-box }
body { margin: 0; background: var(--page) }
main, .formstream { color: var(--text); font: 1rem/1.5 system-ui, "Noto Sans", sans-serif }
main { max-width: 42rem; margin: 0 auto; padding: clamp(1.25rem, 5vw, 2.5rem); background: var(--back); min-height: 100vh; overflow-wrap: anywhere }
@media (min-width: 48rem) { main { margin: 2rem auto; min-height: 0; border-radius: .75rem; box-shadow: 0 1px 3px #0003 } }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 1rem }
h2, h3 { line-height: 1.3; margin: 1.5rem 0 .5rem }
a { color: var(--main) }
.languages { text-align: end; margin-bottom: .5rem }
.languages a { display: inline-block; padding: .25rem 0 .25rem 1rem }
.field { margin: 0 0 1.5rem; padding: 0; border: 0; min-width: 0 }
.field > label, legend { display: block; font-weight: 600; padding: 0; margin-bottom: .25rem }
.field > .box, .box { display: flex; gap: .75rem; align-items: flex-start; font-weight: 400; padding: .5rem 0 }
small, .help { color: var(--soft); font-weight: 400; font-size: .9375rem }
.help, .wrong { margin: 0 0 .5rem }
form > .help { margin-bottom: 1.5rem }
input, select, textarea { font: inherit; color: inherit; accent-color: var(--main) }
input:not([type=checkbox], [type=radio]), select, textarea { display: block; width: 100%; min-height: 2.75rem; padding: .5rem .75rem; background: var(--field); border: 1px solid var(--line); border-radius: .375rem }
textarea { resize: vertical }
[type=checkbox], [type=radio] { flex: none; width: 1.5rem; height: 1.5rem; margin: 0 }
[type=number] { max-width: 14rem }
[type=date] { max-width: 14rem }
[aria-invalid=true]:not([type=checkbox], [type=radio]) { border: 2px solid var(--wrong) }
dd { margin: 0 0 .75rem; white-space: pre-wrap }
.trap { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }
.wrong { color: var(--wrong); font-weight: 600 }
.summary { border: 2px solid var(--wrong); border-radius: .375rem; padding: .75rem 1rem; margin-bottom: 1.5rem }
.summary p { margin: 0; font-weight: 600 }
.summary ul { margin: .5rem 0 0; padding-inline-start: 1.25rem }
.summary ul:empty { display: none }
.summary a { color: var(--wrong) }
button, .button { min-height: 2.75rem; padding: .625rem 1.75rem; font: inherit; font-weight: 600; color: var(--on-main); background: var(--main); border: 0; border-radius: .375rem; cursor: pointer }
button:hover { filter: brightness(1.08) }
button[aria-disabled] { opacity: .65; cursor: progress }
.status { color: var(--soft); min-height: 1.5rem; margin: .75rem 0 0 }
:focus-visible { outline: 3px solid var(--main); outline-offset: 2px }
[hidden] { display: none !important }
@media (max-width: 30rem) { button { width: 100% } }
`

export const style = new Html(`<style>${css}</style>`)

/** As Content-Security-Policy names it. */
export const styleHash = `'sha256-${hash('sha256', css, 'base64')}'`
