// Above the form: why it was not accepted, with links to the fields. Without anything to say it is hidden, and the script fills it.

import { attributes, type Html, html } from '#kit/html.ts'
import type { FormView } from './form-view.ts'
import { controlId, type FieldView, messageOf } from './render-field.ts'

export function renderSummary(fields: FieldView[], { errors = {}, notice }: FormView): Html {
  const links = fields.flatMap((view) => {
    const message = messageOf(view)
    if (message === undefined) return []
    const { field, texts } = view
    return [html`<li><a href="#${controlId(field)}">${texts.label} – ${message}</a></li>`]
  })
  const names = fields.map(({ field }) => field.name)
  const others = Object.entries(errors).filter(([name]) => !names.includes(name))
  const items = others.map(([name, error]) => html`<li>${name}: ${error}</li>`)
  const shown = notice !== undefined
  return html`<div class="summary" role="alert" tabindex="-1"${attributes({ hidden: !shown, autofocus: shown })}>
<p>${notice}</p>
<ul>${[...links, ...items]}</ul>
</div>`
}
