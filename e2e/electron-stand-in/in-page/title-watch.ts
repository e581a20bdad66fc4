/** Tells the document's title once it has been parsed, and every new one. */
export function watchTitle(report: (title: string) => void): void {
  let told = ''
  const look = () => {
    if (document.title === told) return
    told = document.title
    report(told)
  }
  document.addEventListener('DOMContentLoaded', () => {
    look()
    // Only the head: a page that draws a lot must not pay for it.
    new MutationObserver(look).observe(document.head, { childList: true, subtree: true, characterData: true })
  })
}
