export const receiptViews = [
  { value: 'all', label: 'Every receipt' },
  { value: 'ok', label: 'Completed' },
  { value: 'cached', label: 'Answered from another' },
  { value: 'error', label: 'Failed' },
  { value: 'killed', label: 'Killed' },
  { value: 'timeout', label: 'Timed out' },
  { value: 'pinned', label: 'Pinned' },
  { value: 'purged', label: 'Bodies purged' },
] as const
export type ReceiptView = (typeof receiptViews)[number]['value']

/** What is asked of the host for a view and a text. */
export function filterOf(view: ReceiptView, text: string) {
  const words = text.trim() === '' ? {} : { text: text.trim() }
  if (view === 'all') return words
  if (view === 'pinned' || view === 'purged') return { ...words, [view]: true }
  return { ...words, status: view }
}
