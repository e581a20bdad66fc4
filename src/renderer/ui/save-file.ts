/** Hands a text or bytes to the person as a file: the browser's download, the desktop's save dialog. */
export function saveFile(name: string, type: string, content: BlobPart): void {
  const address = URL.createObjectURL(new Blob([content], { type }))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  // The download has begun by then, and holds the data itself.
  setTimeout(() => URL.revokeObjectURL(address), 0)
}
