// The page of a receipt.
import type { Form } from '#kit/forms/form.ts'
import { type Html, html } from '#kit/html.ts'
import { layout } from '../page/layout.ts'
import { fieldTextsOf, textsOf } from '../page/texts.ts'
import { isFinished, type Receipt, type Step } from './receipt.ts'
import { receiptScript } from './receipt-script.ts'
import { type ReceiptWords, receiptWords } from './words.ts'

export interface ReceiptView {
  receipt: Receipt
  form: Form | undefined
  language: string
  /** Address of the stream of its changes. */
  events: string
}

/** How often a browser without JavaScript loads the page again, seconds. */
const reloadAfter = 5

export function renderReceipt(view: ReceiptView): string {
  const { receipt, form, language, events } = view
  const { title } = receiptWords(language)
  const body = html`<h1>${title}</h1>
${form && html`<p>${textsOf(form, language).title}</p>`}
<div id="receipt" aria-live="polite" data-events="${isFinished(receipt) ? '' : events}">
${receiptPart(view)}
</div>`
  return layout({ language, title, body, head: headOf(receipt) })
}

const headOf = (receipt: Receipt): Html => html`<meta name="robots" content="noindex">
${
  !isFinished(receipt) &&
  html`<script type="module" src="${receiptScript.address}"></script>
<noscript><meta http-equiv="refresh" content="${reloadAfter}"></noscript>`
}`

/** What changes while the submission is processed. */
export function receiptPart({ receipt, form, language }: ReceiptView): Html {
  const words = receiptWords(language)
  const { received, status, steps, answers } = receipt
  const labelOf = (name: string): string => {
    const field = form?.fields[name]
    return form && field ? fieldTextsOf(form, field, language).label : name
  }
  return html`<p>${words.status[status]}</p>
<ol>
<li><strong>${words.received}</strong>${received !== undefined && html`: ${timePart(received, language)}`}</li>
${steps.map((step) => stepPart(step, labelOf, words))}
</ol>
${answers && form && answersPart(answers, form, language)}`
}

const timePart = (time: string, language: string): Html =>
  html`<time datetime="${time}">${dateFormat(language).format(Date.parse(time))} UTC</time>`

const formats = new Map<string, Intl.DateTimeFormat>()

/** Made once, as making one takes a hundred times as long as using it. */
function dateFormat(language: string): Intl.DateTimeFormat {
  const found = formats.get(language)
  if (found) return found
  const format = new Intl.DateTimeFormat(language, {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone: 'UTC',
  })
  formats.set(language, format)
  return format
}

function stepPart(step: Step, labelOf: (name: string) => string, words: ReceiptWords): Html {
  const name = words.tasks[step.task] ?? step.task
  const errors = step.state === 'refused' ? Object.entries(step.errors) : []
  return html`<li data-task="${step.task}" data-state="${step.state}"><strong>${name}</strong>: ${textOf(step, words)}${
    errors.length > 0 &&
    html`<ul>${errors.map(([field, message]) => html`<li>${labelOf(field)}: ${message}</li>`)}</ul>`
  }</li>
`
}

function textOf(step: Step, words: ReceiptWords): string {
  const { states, mail, again } = words
  switch (step.state) {
    case 'failed':
      return step.final ? states.rejected : states.failed
    case 'confirmed':
      return withAgain(mail[step.person ?? 'owners'])
    case 'forwarded':
      return withAgain(states.forwarded)
    case 'recorded':
      // By functions, as a tab's name may contain `$&`.
      return states.recorded
        .replace('{row}', () => String(step.row))
        .replace('{tab}', () => step.tab)
    default:
      return states[step.state]
  }

  function withAgain(text: string): string {
    return 'again' in step ? `${text}, ${again}` : text
  }
}

function answersPart(answers: Record<string, unknown>, form: Form, language: string): Html {
  const words = receiptWords(language)
  const shown = Object.values(form.fields).filter(({ name }) => name in answers)
  const rows = shown.map((field) => {
    const { label, optionText } = fieldTextsOf(form, field, language)
    return html`<dt>${label}</dt><dd>${answerText(answers[field.name], optionText, words)}</dd>`
  })
  return html`<h2>${words.answers}</h2>
<dl>${rows}</dl>`
}

function answerText(
  answer: unknown,
  optionText: (option: string) => string,
  { yes, no }: ReceiptWords,
): string {
  if (typeof answer === 'boolean') return answer ? yes : no
  return [answer].flat().map(String).map(optionText).join(', ')
}
