// Runs in the browser: on each change, fetches the page again and replaces its elements with `data-live`.
const indicator = document.querySelector('.live')
const sheet = document.querySelector('.sheet')
let busy = false
let again = false

const rows = () => [...document.querySelectorAll('tr[data-row]')]
const lastRow = () => Number(rows().at(-1)?.dataset.row ?? 0)
// The scroll position that shows the last row with values. Empty rows below it may stay out of view.
const end = () => {
  const last = rows().at(-1)
  return last ? last.offsetTop + last.offsetHeight + 40 - sheet.clientHeight : 0
}
const follows = () => sheet && sheet.scrollTop >= end() - 60
const scrollToEnd = () => {
  sheet.scrollTop = Math.max(sheet.scrollTop, end())
}

async function renew() {
  if (busy) {
    again = true
    return
  }
  busy = true
  try {
    const response = await fetch(location.href)
    if (response.ok) replace(new DOMParser().parseFromString(await response.text(), 'text/html'))
  } catch {
    // The emulator may be restarting. The event stream reconnects and renews the page.
  }
  busy = false
  if (again) {
    again = false
    renew()
  }
}

function replace(fresh) {
  const last = lastRow()
  const follow = follows()
  for (const part of document.querySelectorAll('[data-live]')) {
    const next = fresh.getElementById(part.id)
    if (next && next.innerHTML !== part.innerHTML) part.replaceChildren(...next.childNodes)
  }
  for (const row of rows()) if (Number(row.dataset.row) > last) row.classList.add('new')
  if (follow) scrollToEnd()
}

if (sheet) scrollToEnd()
const changes = new EventSource(document.documentElement.dataset.changes)
changes.onmessage = renew
changes.onopen = () => {
  indicator.dataset.state = 'live'
  renew()
}
changes.onerror = () => {
  indicator.dataset.state = 'offline'
}
