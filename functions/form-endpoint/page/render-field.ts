// One field of a form as HTML: label, help, control, and what is wrong with the answer.
import type { Field } from '#kit/forms/field.ts'
import { isMissing } from '#kit/forms/parse-answers.ts'
import { attributes, type Html, html } from '#kit/html.ts'
import { controlAttributes, lengthLimits } from './control-attributes.ts'
import { type Choice, renderBoxes, renderSelect } from './render-choices.ts'
import type { FieldTexts } from './texts.ts'
import type { Words } from './words/words.ts'

export interface FieldView {
  field: Field
  texts: FieldTexts
  words: Words
  /** As it was sent. */
  answer: unknown
  /** What the form says is wrong with it, in English. */
  error?: string | undefined
}

/** Field names could be equal to ids of other elements. */
export const controlId = ({ name }: Pick<Field, 'name'>): string => `f-${name}`

/** What people are told of a wrong answer. */
export function messageOf({ field, texts, words, answer, error }: FieldView): string | undefined {
  if (error === undefined) return undefined
  if (field.required && isMissing(answer)) return words.required
  return texts.wrong.own ? texts.wrong.text : error
}

export function renderField(view: FieldView): Html {
  const { field, texts, words } = view
  const choices = choicesOf(view)
  if (field.input.tag === 'select' || !choices) return renderSingle(view, choices ?? [])
  const type = field.type === 'boolean' ? 'radio' : 'checkbox'
  const boxes = renderBoxes(choices, { type, ...controlOf(view) })
  return html`<fieldset${fieldAttributes(view)}${described(view)}>
<legend>${texts.label}${mark(field, words)}</legend>
${notesOf(view)}
${boxes}
</fieldset>`
}

function renderSingle(view: FieldView, choices: Choice[]): Html {
  const { field, texts, words } = view
  const id = controlId(field)
  const label = html`<span>${texts.label}${mark(field, words)}</span>`
  if (field.type === 'boolean') {
    return html`<div${fieldAttributes(view)}>
<label class="box">${controlTag(view, choices)}${label}</label>
${notesOf(view)}
</div>`
  }
  return html`<div${fieldAttributes(view)}>
<label for="${id}">${label}</label>
${notesOf(view)}
${controlTag(view, choices)}
</div>`
}

/** A box that may stay empty cannot say no: a question that needs an answer has two buttons. */
function choicesOf({ field, texts, words }: FieldView): Choice[] | undefined {
  const { choices } = field.input
  if (choices) return choices.map((value) => ({ value, text: texts.optionText(value) }))
  if (field.type !== 'boolean' || !field.required || field.options.mustBe) return undefined
  return [
    { value: 'true', text: words.yes },
    { value: 'false', text: words.no },
  ]
}

/** The id and the attributes of each control, and the values that it shows. */
function controlOf(view: FieldView) {
  const { field, answer } = view
  return {
    id: controlId(field),
    name: field.name,
    chosen: [answer].flat().map(String),
    required: field.required,
    invalid: view.error !== undefined,
  }
}

function controlTag(view: FieldView, choices: Choice[]): Html {
  const { field, words, answer, error } = view
  const { tag } = field.input
  const { id, chosen } = controlOf(view)
  const common = html`${attributes({
    id,
    name: field.name,
    ...controlAttributes(field),
    'aria-invalid': error !== undefined && 'true',
  })}${described(view)}`
  if (tag === 'textarea') return html`<textarea${common}>\n${textOf(answer)}</textarea>`
  if (tag === 'select') return renderSelect(choices, { common, chosen, empty: words.choose })
  if (field.type === 'boolean') {
    const checked = ['true', 'on'].includes(String(answer))
    return html`<input${common}${attributes({ checked })}>`
  }
  return html`<input${common}${attributes({ value: textOf(answer) || undefined })}>`
}

/** What the script needs to check the answer. */
const fieldAttributes = ({ field, texts }: FieldView): Html =>
  attributes({
    class: 'field',
    'data-name': field.name,
    'data-wrong': texts.wrong.text,
    'data-own': texts.wrong.own,
    'data-required': field.required,
    ...lengthLimits(field),
  })

const mark = ({ required }: Field, words: Words): Html =>
  required ? html` <span aria-hidden="true">*</span>` : html` <small>(${words.optional})</small>`

/** Help, and an element for the message, which the script fills, too. */
function notesOf(view: FieldView): Html {
  const { field, texts } = view
  const message = messageOf(view)
  const id = controlId(field)
  return html`${texts.help && html`<p class="help" id="${id}-help">${texts.help}</p>`}
<p class="wrong" id="${id}-wrong"${attributes({ hidden: !message })}>${message}</p>`
}

/** The message before the help. */
function described({ field, texts }: FieldView): Html {
  const id = controlId(field)
  const help = texts.help ? ` ${id}-help` : ''
  return attributes({ 'aria-describedby': `${id}-wrong${help}` })
}

const textOf = (answer: unknown): string =>
  typeof answer === 'string' || typeof answer === 'number' ? String(answer) : ''
