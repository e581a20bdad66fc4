import type { Host } from '../../client/host.ts'

/** Bytes of one piece: small enough that the page never holds much of a large file. */
const pieceBytes = 2 * 1024 * 1024
/** Pieces on their way at once: while one is read there, the next is made ready here. */
const piecesAhead = 2

/** An import under way. */
export interface Importing {
  readonly file: string
  /** Of the file, 0 to 1. */
  readonly share: number
  /** Read so far; null where the host tells only at the end. */
  readonly events: number | null
}

type Sends = Pick<Host, 'call' | 'sendFile'>
type OnProgress = (progress: Importing) => void

/** Sends a trace file to the host. The run that it became; null when it was stopped, and nothing is kept. */
export async function sendTrace(
  host: Sends,
  file: File,
  stop: AbortSignal,
  onProgress: OnProgress,
): Promise<string | null> {
  if (host.sendFile === null || file.size <= pieceBytes) return await sendPieces(host, file, stop, onProgress)
  const tell = (share: number) => onProgress({ file: file.name, share, events: null })
  tell(0)
  try {
    return await host.sendFile(file, stop, tell)
  } catch (error) {
    if (stop.aborted) return null
    throw error
  }
}

async function sendPieces(host: Sends, file: File, stop: AbortSignal, onProgress: OnProgress): Promise<string | null> {
  const known = { upload: null as string | null, run: null as string | null, events: 0 }
  const underWay = new Set<Promise<void>>()
  const send = (text: string, last: boolean) => {
    const sent = host.call('workflows.import', { upload: known.upload, name: file.name, text, last }).then((answer) => {
      known.upload = answer.upload
      known.run = answer.run
      known.events = answer.events
      underWay.delete(sent)
    })
    underWay.add(sent)
    // Whoever waits for it hears of a failure; that nobody waits yet is no fault.
    sent.catch(() => undefined)
  }
  try {
    await forEachPiece(file, stop, async (text, at, last) => {
      onProgress({ file: file.name, share: at / Math.max(1, file.size), events: known.events })
      send(text, last)
      // The first answer tells the name under which the others go.
      if (known.upload === null || last) await Promise.all(underWay)
      else if (underWay.size >= piecesAhead) await Promise.race(underWay)
    })
    return stop.aborted ? null : known.run
  } finally {
    await Promise.allSettled(underWay)
    if ((known.run === null || stop.aborted) && known.upload !== null) {
      await host.call('workflows.abandonImport', { upload: known.upload }).catch(() => undefined)
    }
  }
}

async function forEachPiece(
  file: File,
  stop: AbortSignal,
  take: (text: string, at: number, last: boolean) => Promise<void>,
): Promise<void> {
  const decoder = new TextDecoder()
  for (let at = 0; at === 0 || at < file.size; at += pieceBytes) {
    const last = at + pieceBytes >= file.size
    const bytes = await file.slice(at, at + pieceBytes).arrayBuffer()
    if (stop.aborted) return
    await take(decoder.decode(bytes, { stream: !last }), at, last)
  }
}
