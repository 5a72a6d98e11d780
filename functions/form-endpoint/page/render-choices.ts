// Controls for a choice: a select, or a box or button for each option.
import { attributes, type Html, html } from '#kit/html.ts'

export interface Choice {
  /** As it is sent. */
  value: string
  /** As people read it. */
  text: string
}

interface Boxes {
  type: 'checkbox' | 'radio'
  name: string
  /** Of the first, to which a link to the field leads. */
  id: string
  chosen: string[]
  required: boolean
  invalid: boolean
}

export function renderBoxes(choices: Choice[], boxes: Boxes): Html {
  const { type, name, id, chosen, invalid } = boxes
  const tags = choices.map(({ value, text }, n) => {
    const own = attributes({
      type,
      name,
      value,
      id: n === 0 && id,
      checked: chosen.includes(value),
      // Of checkboxes each would be required.
      required: boxes.required && type === 'radio',
      'aria-invalid': invalid && 'true',
    })
    return html`<label class="box"><input${own}>${text}</label>\n`
  })
  return html`${tags}`
}

interface Select {
  /** Attributes of the control. */
  common: Html
  chosen: string[]
  /** Text of the option for no answer. */
  empty: string
}

export function renderSelect(choices: Choice[], { common, chosen, empty }: Select): Html {
  const options = choices.map(({ value, text }) => {
    const selected = chosen.includes(value)
    return html`<option${attributes({ value, selected })}>${text}</option>`
  })
  return html`<select${common}><option value="">${empty}</option>${options}</select>`
}
