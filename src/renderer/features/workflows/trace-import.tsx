import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef, useState } from 'react'
import { assertDefined } from '../../../shared/assert.ts'
import { toErrorData } from '../../../shared/errors.ts'
import { useHost } from '../../client/host-context.tsx'
import { useRouter } from '../../shell/router-context.tsx'
import { Button } from '../../ui/button.tsx'
import { formatCount, formatShare } from '../../ui/format.ts'
import { useToasts } from '../../ui/toast.tsx'
import { type Importing, sendTrace } from './send-trace.ts'
import styles from './trace-import.module.css'
import { everyRun, formatPlace } from './workflows-place.ts'

type TakeTrace = (file: File) => void

const TraceImportContext = createContext<TakeTrace | null>(null)

/** Takes in a trace file and opens its run. */
export function useTraceImport(): TakeTrace {
  return assertDefined(useContext(TraceImportContext), 'useTraceImport is called under TraceImport')
}

/** Takes trace files that are dropped anywhere on the window, or chosen; shows how far that has come, on every page. */
export function TraceImport({ children }: { readonly children: ReactNode }) {
  const { take, progress, cancel } = useImport()
  const over = useFileDrop(take)
  return (
    <TraceImportContext.Provider value={take}>
      {children}
      {over ? <div className={styles.target}>Drop a trace file to look at its run</div> : null}
      {progress === null ? null : <ImportProgress progress={progress} onCancel={cancel} />}
    </TraceImportContext.Provider>
  )
}

function ImportProgress({ progress, onCancel }: { readonly progress: Importing; readonly onCancel: () => void }) {
  const { file, share, events } = progress
  return (
    <section className={styles.importing} aria-label="Import">
      <p className={styles.words}>
        <span className={styles.file}>Reading {file}</span>
        {events === null ? null : <span className={styles.count}>{formatCount(events)} events</span>}
      </p>
      <progress max={1} value={share} aria-label={`Read of ${file}`} />
      <p className={styles.words}>
        <span className={styles.count}>{formatShare(share)}</span>
        <Button size="small" onClick={onCancel}>
          Cancel
        </Button>
      </p>
    </section>
  )
}

function useImport() {
  const host = useHost()
  const router = useRouter()
  const toasts = useToasts()
  const [progress, setProgress] = useState<Importing | null>(null)
  const stopping = useRef<AbortController | null>(null)
  const acts = useMemo(() => {
    const take = async (file: File) => {
      // One at a time: a second file takes the place of the first.
      stopping.current?.abort()
      const abort = new AbortController()
      stopping.current = abort
      const isNewest = () => stopping.current === abort
      const place = router.store.getState()
      try {
        const run = await sendTrace(host, file, abort.signal, (next) => {
          if (isNewest()) setProgress(next)
        })
        if (run === null) return
        const open = () => router.go(formatPlace({ ...everyRun, run }))
        // Whoever has gone to another page meanwhile is not taken away from it.
        if (router.store.getState() === place) open()
        else toasts.show({ tone: 'good', title: `${file.name} was taken in`, action: { label: 'Open', run: open } })
      } catch (error) {
        const { message, hint } = toErrorData(error)
        toasts.show({ tone: 'bad', title: `${file.name} could not be taken in: ${message}`, text: hint })
      } finally {
        if (isNewest()) setProgress(null)
      }
    }
    return { take: (file: File) => void take(file), cancel: () => stopping.current?.abort() }
  }, [host, router, toasts])
  return { ...acts, progress }
}

function useFileDrop(take: TakeTrace): boolean {
  const [over, setOver] = useState(false)
  useEffect(() => {
    const enter = (event: DragEvent) => {
      if (event.dataTransfer === null || !event.dataTransfer.types.includes('Files')) return
      // Else the browser would go to the file.
      event.preventDefault()
      setOver(true)
    }
    const leave = (event: DragEvent) => {
      // Told for every element on the way; only out of the window there is none that it goes to.
      if (event.relatedTarget === null) setOver(false)
    }
    const drop = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes('Files')) return
      event.preventDefault()
      setOver(false)
      const [file] = event.dataTransfer.files
      if (file !== undefined) take(file)
    }
    window.addEventListener('dragover', enter)
    window.addEventListener('dragleave', leave)
    window.addEventListener('drop', drop)
    return () => {
      window.removeEventListener('dragover', enter)
      window.removeEventListener('dragleave', leave)
      window.removeEventListener('drop', drop)
    }
  }, [take])
  return over
}
