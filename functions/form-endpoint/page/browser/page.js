// The script of a form's page: checks answers while people type, keeps them as a draft, and repeats a submission until it is accepted.
// One file, so that it is one request. It is sent without its comments, each of which has lines of its own.

/**
 * @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Control
 * @typedef {import('../words/words.ts').ScriptWords} Words
 * @typedef {ReturnType<typeof toField>} Field
 */

/** Statuses after which another try may be accepted. */
const passing = [429, 502, 503, 504]
/** Seconds until the next try, at most. */
const longestWait = 30

/**
 * Attaches to an element `.formstream`, in a page or in a shadow root. `base`: the site of the forms. `done`: shows the next page.
 * @param {HTMLElement} box
 * @param {{ base?: string, done?: (next: string) => void }} [options]
 */
export function attachForm(box, options = {}) {
  const { base = location.href, done = (next) => location.assign(next) } = options
  const { form: id = '', action = '', next = '', words: json = '' } = box.dataset
  const { answered, minSeconds = 0 } = box.dataset
  // The endpoint takes whoever is faster for a bot, and drops the answers without a word.
  const mayBeSent = pause(+minSeconds)
  /** @type {Words} */
  const words = JSON.parse(json)
  const form = box.getElementsByTagName('form')[0]
  const button = box.getElementsByTagName('button')[0]
  const fields = Array.from(box.querySelectorAll('.field'), (one) => toField(one, words))
  const draft = draftOf(`formstream:${id}`, box, fields)
  const explain = explainer(box, fields)
  /** @param {string} text */
  const say = (text) => {
    box.getElementsByClassName('status')[0].textContent = text
  }
  /** @param {Event} event */
  const fieldOf = ({ target }) =>
    fields.find(({ element }) => element.contains(/** @type {Node} */ (target)))
  let sending = false
  const stop = () => {
    sending = false
    button.removeAttribute('aria-disabled')
    say('')
  }

  async function send() {
    const body = new URLSearchParams(/** @type {[string, string][]} */ ([...new FormData(form)]))
    const headers = { accept: 'application/json', 'idempotency-key': body.get('_key') ?? '' }
    const address = new URL(action, base)
    const post = () =>
      fetch(address, { method: 'POST', headers, body, signal: AbortSignal.timeout(60_000) })
    sending = true
    button.setAttribute('aria-disabled', 'true')
    say(words.sending)
    await mayBeSent
    const answer = await untilFinal(post, (found) => say(found ? words.busy : words.noConnection))
    if (answer.status === 202) {
      draft.remove()
      done(nextAfter(answer, new URL(next, base), new URL(`/forms/${id}/thanks`, base).href))
      return
    }
    stop()
    await refused(answer)
  }

  /** @param {Response} answer */
  async function refused(answer) {
    const { status } = answer
    const {
      errors = {},
      title = status,
      detail = '',
      reason,
    } = await answer.json().catch(() => ({}))
    if (reason === 'stamp') return renew()
    // A captcha that is solved counts for one try.
    const { turnstile, hcaptcha, grecaptcha } = /** @type {any} */ (window)
    for (const captcha of [turnstile, hcaptcha, grecaptcha]) captcha?.reset()
    for (const { name, show, explain } of fields) {
      show(errors[name] && explain(errors[name]))
      delete errors[name]
    }
    const others = Object.entries(errors).map(([name, error]) => `${name}: ${error}`)
    if (status === 422) explain([words.wrongAnswers, ...others].join(' '))
    else if (status === 429) explain(words.tooMany)
    else if (words.refusals[reason]) explain(words.refusals[reason])
    else explain(status > 499 ? words.notStored : `${words.failed}. ${title}. ${detail}`)
  }

  /** The endpoint no longer knows the page's stamp, so the answers move to a new page. */
  function renew() {
    draft.save('')
    location.reload()
  }

  // The script says itself what is wrong, in the language of the page.
  button.formNoValidate = true
  box.addEventListener('submit', (event) => {
    event.preventDefault()
    if (sending) return
    for (const field of fields) field.show(field.check())
    const fits = fields.every(({ isWrong }) => !isWrong())
    explain(fits ? '' : words.wrongAnswers)
    if (fits) send()
  })
  box.addEventListener('input', (event) => {
    const field = fieldOf(event)
    if (field?.isWrong()) field.show(field.check())
    draft.save()
  })
  box.addEventListener('focusout', (event) => {
    const field = fieldOf(event)
    // A message would move the button away from the pointer; an empty field may be answered later.
    if (event.relatedTarget !== button && field?.check() !== words.required)
      field?.show(field.check())
  })
  // Back shows the page as it was left.
  addEventListener('pageshow', ({ persisted }) => persisted && stop())
  if (answered === undefined && draft.restore()) say(words.draft)
}

/**
 * One question of the form.
 * @param {Element} box
 * @param {Words} words
 */
function toField(box, words) {
  const element = /** @type {HTMLElement} */ (box)
  const { name = '', wrong = '', own, required, min = 0, max = Infinity } = element.dataset
  /** @type {Control[]} */
  const controls = Array.from(element.querySelectorAll('input,select,textarea'))
  const [control] = controls
  const note = /** @type {HTMLElement} */ (element.querySelector('.wrong'))
  const isBox = /checkbox|radio/.test(control.type)
  /** What is wrong with the answer; empty if it fits. */
  function check() {
    const { valid, typeMismatch, badInput } = control.validity
    const text = isBox ? (element.querySelector(':checked') ? 'checked' : '') : control.value
    const missing = required === undefined ? '' : words.required
    // Characters, as the form counts them.
    const { length } = [...text.trim().normalize()]
    if (length === 0 && !badInput) return missing
    // Some browsers take no e-mail addresses beyond ASCII, which the form does.
    const fits = isBox || valid || (typeMismatch && /[^ -~]/.test(control.value))
    return fits && (isBox || (length >= +min && length <= +max)) ? '' : wrong
  }
  return {
    element,
    name,
    isPrivate: control.type === 'password' || control.autocomplete === 'off',
    isWrong: () => !note.hidden,
    check,
    /** @param {string} error What the form says, in English. */
    explain: (error) => check() || (own === undefined ? error : wrong),
    /** @param {string} [message] */
    show(message = '') {
      note.textContent = message
      note.hidden = !message
      for (const one of controls) one.toggleAttribute('aria-invalid', false)
      if (message) for (const one of controls) one.setAttribute('aria-invalid', 'true')
    },
    /** Its line in the summary. */
    line() {
      const item = document.createElement('li')
      const link = item.appendChild(document.createElement('a'))
      const label = element.querySelector('legend,label')?.textContent ?? ''
      link.href = `#${control.id}`
      link.textContent = `${label.replace(/ \*$/, '').trim()} – ${note.textContent}`
      link.onclick = (event) => {
        // In a shadow root, the address of a link finds nothing.
        event.preventDefault()
        control.focus()
      }
      return item
    },
    /** @param {FormDataEntryValue[]} values */
    fill(values) {
      for (const one of controls) {
        if (one instanceof HTMLInputElement && isBox) one.checked = values.includes(one.value)
        else one.value = String(values[0] ?? '')
      }
    },
  }
}

/**
 * Returns a function that says above the form why it was not accepted; nothing for an empty text.
 * @param {HTMLElement} box
 * @param {Field[]} fields
 */
function explainer(box, fields) {
  const summary = /** @type {HTMLElement} */ (box.querySelector('.summary'))
  /** @param {string} notice */
  return (notice) => {
    const [text, list] = summary.children
    text.textContent = notice
    list.replaceChildren(...fields.filter((one) => one.isWrong()).map((one) => one.line()))
    summary.hidden = !notice
    summary.focus()
  }
}

/**
 * Answers that are not accepted yet, with their key: sent again from a later page they are the same submission.
 * @param {string} name
 * @param {HTMLElement} box
 * @param {Field[]} fields
 */
function draftOf(name, box, fields) {
  const form = box.getElementsByTagName('form')[0]
  const key = /** @type {HTMLInputElement} */ (box.querySelector('[name=_key]'))
  /** When the page was made: a form may ask for some seconds between this and its submission. */
  const stamp = /** @type {HTMLInputElement?} */ (box.querySelector('[name=_stamp]'))
  /**
   * Browsers may refuse to keep anything.
   * @param {() => unknown} act
   */
  const attempt = (act) => {
    try {
      return act()
    } catch {
      return false
    }
  }
  const kept = fields.filter(({ isPrivate }) => !isPrivate)
  return {
    save(sentStamp = stamp?.value) {
      const data = new FormData(form)
      const answers = kept.map((field) => [field.name, data.getAll(field.name)])
      attempt(() => localStorage.setItem(name, JSON.stringify([key.value, answers, sentStamp])))
    },
    remove: () => attempt(() => localStorage.removeItem(name)),
    /** Whether there was one. */
    restore: () =>
      attempt(() => {
        const [sentKey, answers, sentStamp] = JSON.parse(localStorage.getItem(name) ?? '')
        const byName = new Map(answers)
        for (const field of kept) field.fill(byName.get(field.name) ?? [])
        key.value = sentKey
        if (stamp && sentStamp) stamp.value = sentStamp
        return true
      }),
  }
}

/**
 * Repeats `post` until its answer is final. Told of each try that was not: whether there was an answer.
 * @param {() => Promise<Response>} post
 * @param {(answered: boolean) => void} tell
 */
async function untilFinal(post, tell) {
  for (let wait = 1; ; wait = Math.min(2 * wait, longestWait)) {
    const answer = await post().catch(() => undefined)
    const { status = 0, headers } = answer ?? {}
    const asked = Number(headers?.get('retry-after')) || 0
    const again = passing.includes(status) ? asked <= longestWait : status !== 202 && status < 400
    if (answer && !again) return answer
    tell(status > 0)
    await Promise.race([pause(Math.max(asked, wait * (0.5 + Math.random() / 2))), online()])
  }
}

/** @param {number} seconds */
function pause(seconds) {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000))
}

const online = () => new Promise((resolve) => addEventListener('online', resolve, { once: true }))

/**
 * The page after a submission. Thanks link to the page of the submission, whose address the answer has.
 * @param {Response} answer
 * @param {URL} next
 * @param {string} thanks Their address: no other site may learn of the receipt.
 */
function nextAfter({ headers }, next, thanks) {
  const receipt = headers.get('location')
  if (receipt && next.href.startsWith(thanks)) {
    const { pathname, searchParams } = new URL(receipt, next)
    next.searchParams.set('id', pathname.split('/')[2])
    next.searchParams.set('token', searchParams.get('token') ?? '')
  }
  return next.href
}

for (const box of document.querySelectorAll('.formstream')) {
  attachForm(/** @type {HTMLElement} */ (box))
}
