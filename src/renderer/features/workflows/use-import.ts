import { type DragEvent, useState } from 'react'
import { toErrorData } from '../../../shared/errors.ts'
import { useHost } from '../../client/host-context.tsx'
import { formatShare } from '../../ui/format.ts'
import { useToasts } from '../../ui/toast.tsx'

/** Characters of one piece: small enough that the page never holds much of a large file. */
const pieceBytes = 4 * 1024 * 1024

/** Takes trace files that are dropped or chosen, a piece at a time. */
export function useImport(onImported: (run: string) => void) {
  const host = useHost()
  const toasts = useToasts()
  const [progress, setProgress] = useState<string | null>(null)
  const [over, setOver] = useState(false)
  const take = async (file: File) => {
    try {
      const decoder = new TextDecoder()
      let upload: string | null = null
      for (let at = 0; at < Math.max(1, file.size); at += pieceBytes) {
        setProgress(`Reading ${file.name}: ${formatShare(at / Math.max(1, file.size))}`)
        const last = at + pieceBytes >= file.size
        const bytes = await file.slice(at, at + pieceBytes).arrayBuffer()
        const text = decoder.decode(bytes, { stream: !last })
        const answer: { upload: string; run: string | null } = await host.call('workflows.import', {
          upload,
          name: file.name,
          text,
          last,
        })
        upload = answer.upload
        if (answer.run !== null) onImported(answer.run)
      }
    } catch (error) {
      const { message, hint } = toErrorData(error)
      toasts.show({ tone: 'bad', title: `${file.name} could not be taken in: ${message}`, text: hint })
    } finally {
      setProgress(null)
    }
  }
  const drop = {
    onDragOver: (event: DragEvent) => {
      if (!event.dataTransfer.types.includes('Files')) return
      event.preventDefault()
      setOver(true)
    },
    onDragLeave: () => setOver(false),
    onDrop: (event: DragEvent) => {
      event.preventDefault()
      setOver(false)
      const [file] = event.dataTransfer.files
      if (file !== undefined) void take(file)
    },
  }
  return { take, drop, over, progress }
}
