// Keeps a receipt up to date: takes the changes that the server sends, and loads the page again where it cannot.
const receipt = /** @type {HTMLElement} */ (document.getElementById('receipt'))
const address = receipt.dataset.events

/** ms. The server limits the number of streams. */
const reloadAfter = 5000

if (address) {
  const stream = new EventSource(address)
  stream.addEventListener('receipt', ({ data }) => {
    receipt.innerHTML = JSON.parse(data).html
  })
  stream.addEventListener('finished', () => stream.close())
  stream.addEventListener('error', () => {
    // After a lost connection the browser connects again by itself.
    if (stream.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), reloadAfter)
  })
}
