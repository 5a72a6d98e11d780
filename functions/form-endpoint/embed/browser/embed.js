// Draws a form in a page of another site, where this script stands:
//   <script src="https://forms.example/embed.js" data-form="student-data"></script>
// The form is in a shadow root, so that its style and that of the page do not affect each other.

;(() => {
  const pageScript = '/page.js'
  const script = document.currentScript
  // A module does not know its script element, and nothing is seen of the head.
  if (!(script instanceof HTMLScriptElement && script.dataset.form && script.closest('body'))) {
    const expected = '<script src="…/embed.js" data-form="…"></script> in the body, and no module'
    console.error(`Formstream: expected ${expected}`)
    return
  }
  const { src, dataset } = script
  const address = new URL(`/forms/${encodeURIComponent(dataset.form ?? '')}`, src)
  const place = document.createElement('div')
  script.after(place)
  const root = place.attachShadow({ mode: 'open' })
  draw().catch(showLink)

  async function draw() {
    /** @type {[typeof import('../../page/browser/page.js'), Loaded]} */
    const [{ attachForm }, loaded] = await Promise.all([
      import(new URL(pageScript, src).href),
      load(address),
    ])
    const form = /** @type {HTMLElement?} */ (loaded.page.querySelector('.formstream'))
    // Nobody can submit it now, and its page says why.
    if (!form) {
      showText(loaded)
      return
    }
    // The scripts of captchas find no element in a shadow root.
    if (form.querySelector('[data-sitekey]')) {
      showFrame(loaded.page.title)
      return
    }
    show(loaded, form)
    attachForm(form, { base: src, done: showNext })
  }

  /**
   * After a submission: the thanks in place of the form, any other page in place of the whole page.
   * @param {string} next
   */
  async function showNext(next) {
    const url = new URL(next)
    const isThanks = url.origin === address.origin && url.pathname === `${address.pathname}/thanks`
    const loaded = isThanks && (await load(url).catch(() => undefined))
    if (!loaded) {
      location.assign(next)
      return
    }
    const thanks = showText(loaded)
    // Read aloud by screen readers, and in sight.
    thanks.tabIndex = -1
    thanks.focus()
  }

  /**
   * A page without a form.
   * @param {Loaded} loaded
   */
  function showText(loaded) {
    const text = document.createElement('div')
    text.className = 'formstream'
    text.append(...(loaded.page.querySelector('main')?.childNodes ?? []))
    show(loaded, text)
    return text
  }

  /**
   * A page and its style. A policy of this page may forbid style elements, even in a page that is only parsed.
   * @typedef {Awaited<ReturnType<typeof load>>} Loaded
   * @param {URL} url
   */
  async function load(url) {
    const answer = await fetch(url, { headers: { accept: 'text/html' } })
    if (!answer.ok) throw new Error(`Expected the status 200, found ${answer.status}`)
    const text = await answer.text()
    const [styleElement = '', style = ''] = /<style>([^<]*)<\/style>/.exec(text) ?? []
    const page = new DOMParser().parseFromString(text.replace(styleElement, ''), 'text/html')
    for (const name of ['href', 'action']) {
      for (const element of page.querySelectorAll(`main [${name}]`)) {
        element.setAttribute(name, new URL(element.getAttribute(name) ?? '', url).href)
      }
    }
    return { page, style }
  }

  /**
   * The style is set by script, which policies for styles allow.
   * @param {Loaded} loaded
   * @param {HTMLElement} element
   */
  function show({ page, style }, element) {
    const sheet = new CSSStyleSheet()
    const box = '.formstream { background: var(--back); padding: 1.25rem; border-radius: .375rem }'
    sheet.replaceSync(style + box)
    if (!isEverDark()) keepLight(sheet)
    root.adoptedStyleSheets = [sheet]
    const { lang, dir } = page.documentElement
    Object.assign(place, { lang, dir })
    root.replaceChildren(element)
  }

  /** Whether this page is dark for people who prefer that. */
  function isEverDark() {
    const { colorScheme } = getComputedStyle(document.documentElement)
    const declared = document.querySelector('meta[name=color-scheme]')?.getAttribute('content')
    return `${colorScheme} ${declared}`.includes('dark')
  }

  /** @param {CSSStyleSheet} sheet */
  function keepLight(sheet) {
    for (const rule of sheet.cssRules) {
      const isDark = rule instanceof CSSMediaRule && rule.conditionText.includes('dark')
      if (isDark) rule.media.mediaText = 'not all'
    }
    sheet.insertRule('.formstream { color-scheme: light }', sheet.cssRules.length)
  }

  /** @param {string} title */
  function showFrame(title) {
    const frame = document.createElement('iframe')
    Object.assign(frame, { src: address.href, title })
    Object.assign(frame.style, { width: '100%', height: '60rem', border: '0' })
    root.replaceChildren(frame)
  }

  /** @param {unknown} reason */
  function showLink(reason) {
    console.error(
      `Formstream: ${address} cannot be shown here. Expected a form with ${location.origin} under "origins" in its file, ` +
        `and a Content-Security-Policy of this page that allows ${address.origin} in script-src and connect-src.`,
      reason,
    )
    const link = document.createElement('a')
    link.href = address.href
    link.textContent = 'Open the form'
    root.replaceChildren(link)
  }
})()
