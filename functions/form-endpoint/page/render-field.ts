// One field of a form as HTML: label, help, control, and what is wrong with the answer.
import type { Field } from '#kit/forms/field.ts'
import { attributes, type Html, html } from './html.ts'
import type { Words } from './words/words.ts'

export interface FieldView {
  field: Field
  words: Words
  /** As it was sent. */
  answer: unknown
  /** What is wrong with it. */
  message?: string | undefined
}

export function renderField(view: FieldView): Html {
  const { tag, choices } = view.field.input
  if (tag === 'input' && choices) return renderGroup(view, choices)
  return view.field.input.attributes.type === 'checkbox' ? renderBox(view) : renderControl(view)
}

function renderControl(view: FieldView): Html {
  const { field } = view
  return html`<div>
<label for="${field.name}">${labelText(view)}</label>
${notesOf(view)}
${controlOf(view)}
</div>`
}

function controlOf({ field, words, answer, message }: FieldView): Html {
  const { name, input, required } = field
  const own = attributes({ ...input.attributes, ...describedBy(field, message) })
  const common = html`id="${name}" name="${name}"${attributes({ required })}${own}`
  const text = textOf(answer)
  if (input.tag === 'textarea') return html`<textarea ${common}>\n${text}</textarea>`
  if (input.tag === 'input') return html`<input ${common}${attributes({ value: text })}>`
  const options = (input.choices ?? []).map(
    (choice) =>
      html`<option${attributes({ value: choice, selected: choice === text })}>${choice}</option>`,
  )
  return html`<select ${common}><option value="">${words.choose}</option>${options}</select>`
}

function renderGroup(view: FieldView, choices: string[]): Html {
  const { field, answer, message } = view
  const chosen = [answer].flat()
  const boxes = choices.map((choice) => {
    const checked = chosen.includes(choice)
    return html`<label><input type="checkbox" name="${field.name}"${attributes({ value: choice, checked })}>${choice}</label>`
  })
  return html`<fieldset id="${field.name}"${attributes(describedBy(field, message))}>
<legend>${labelText(view)}</legend>
${notesOf(view)}
${boxes}
</fieldset>`
}

function renderBox(view: FieldView): Html {
  const { field, answer, message } = view
  const { name, input } = field
  const checked = answer === true || answer === 'true' || answer === 'on'
  const own = attributes({ ...input.attributes, ...describedBy(field, message), checked })
  return html`<div>
<label class="box"><input id="${name}" name="${name}"${own}>${labelText(view)}</label>
${notesOf(view)}
</div>`
}

const labelText = ({ field, words }: FieldView): Html =>
  html`${field.label}${!field.required && html` <small>(${words.optional})</small>`}`

const notesOf = ({ field: { name, help }, message }: FieldView): Html =>
  html`${help && html`<p class="help" id="${name}-help">${help}</p>`}${message && html`<p class="wrong" id="${name}-wrong">${message}</p>`}`

function describedBy({ name, help }: Field, message: string | undefined) {
  const ids = [...(message ? [`${name}-wrong`] : []), ...(help ? [`${name}-help`] : [])]
  return {
    ...(ids.length > 0 && { 'aria-describedby': ids.join(' ') }),
    ...(message && { 'aria-invalid': 'true' }),
  }
}

const textOf = (answer: unknown): string =>
  typeof answer === 'string' || typeof answer === 'number' ? String(answer) : ''
