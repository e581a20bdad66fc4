import { Download, ScanLine } from 'lucide-react'
import { useState } from 'react'
import { chromeTrace } from '../../../../shared/model/chrome-trace.ts'
import { useFacts, useHost, useWallClock } from '../../../client/host-context.tsx'
import { Button, IconButton } from '../../../ui/button.tsx'
import { ErrorNotice } from '../../../ui/error-notice.tsx'
import { formatCount, formatDuration, formatPlural, formatShare, formatTimeOfDay } from '../../../ui/format.ts'
import { Panel } from '../../../ui/panel.tsx'
import { saveFile } from '../../../ui/save-file.ts'
import { Segmented } from '../../../ui/segmented.tsx'
import { useToasts } from '../../../ui/toast.tsx'
import { useOpenToken } from '../use-open-token.ts'
import type { Hit } from './lane-layout.ts'
import { RangeSummary } from './range-summary.tsx'
import styles from './timeline.module.css'
import { TimelineCanvas } from './timeline-canvas.tsx'
import { keyAction } from './timeline-keys.ts'
import { edges, type TimelineWindow, type TimeRange } from './timeline-window.ts'
import { useTimeline } from './use-timeline.ts'

type Span = '1' | '10' | '60' | '600'

const spans: readonly { readonly value: Span; readonly label: string }[] = [
  { value: '1', label: '1 s' },
  { value: '10', label: '10 s' },
  { value: '60', label: '1 min' },
  { value: '600', label: '10 min' },
]

/** One lane for each worker, one bar for each token, as time went by. */
export function TimelinePanel() {
  const host = useHost()
  const [window, setWindow] = useState<TimelineWindow>({ to: null, span: 10_000_000 })
  const [selection, setSelection] = useState<TimeRange | null>(null)
  const [hover, setHover] = useState<Hit | null>(null)
  const [width, setWidth] = useState(0)
  const { view, error } = useTimeline(window, width)
  const openToken = useOpenToken()
  const save = useTraceExport()
  const now = view?.now ?? 0

  function open(hit: Hit): void {
    if (hit.kind === 'run') void openToken(hit.token, host.facts.operationName(hit.operation))
  }

  return (
    <Panel
      title="Runs in time"
      note={window.to === null ? 'one bar for each token, up to now' : 'one bar for each token'}
      flush
      actions={
        <>
          <Segmented
            label="Time shown"
            value={String(window.span / 1_000_000) as Span}
            options={spans}
            onValueChange={(value) => setWindow({ to: null, span: Number(value) * 1_000_000 })}
          />
          <Button
            size="small"
            icon={<ScanLine size={14} aria-hidden="true" />}
            disabledReason={view === null ? 'Nothing has been read yet.' : null}
            onClick={() => setSelection(selection === null ? edges(window, now) : null)}
          >
            {selection === null ? 'Sum up' : 'Clear selection'}
          </Button>
          <IconButton
            size="small"
            label="Save as a trace for Perfetto"
            icon={<Download size={14} aria-hidden="true" />}
            disabledReason={view === null ? 'Nothing has been read yet.' : null}
            onClick={() => void save(selection ?? edges(window, now), now)}
          />
        </>
      }
    >
      {error === null ? null : <ErrorNotice error={error} />}
      <section
        className={styles.frame}
        aria-label="Runs in time. Keys: A and D move, W and S zoom, F follows the present, E selects what is shown, Escape ends the selection."
        // biome-ignore lint/a11y/noNoninteractiveTabindex: keys move and zoom the picture, as they do in a scrollable region.
        tabIndex={0}
        onKeyDown={(event) => {
          const action = keyAction(event.nativeEvent, window, now)
          if (action === null) return
          event.preventDefault()
          event.stopPropagation()
          if (action.kind === 'window') setWindow(action.window)
          else setSelection(action.selection)
        }}
      >
        {view === null ? null : (
          <TimelineCanvas
            view={view}
            window={window}
            selection={selection}
            onWindow={setWindow}
            onSelection={setSelection}
            onHover={setHover}
            onOpen={open}
            onWidth={setWidth}
          />
        )}
      </section>
      <Readout hit={hover} tokens={view?.tokens ?? 0} span={window.span} />
      {selection === null ? null : <RangeSummary range={selection} />}
    </Panel>
  )
}

interface ReadoutProps {
  readonly hit: Hit | null
  readonly tokens: number
  readonly span: number
}

/** What the pointer is on, in words; without a pointer what the picture counts, and how to move it. */
function Readout({ hit, tokens, span }: ReadoutProps) {
  const { facts } = useHost()
  const wall = useWallClock()
  if (hit === null) {
    return (
      <p className={styles.readout}>
        <span>
          {formatPlural(tokens, 'token')} ran in {formatDuration(span)}
        </span>
        <span className={styles.hint}>Drag to sum up, Shift and drag to move, Ctrl and wheel to zoom; or W A S D</span>
      </p>
    )
  }
  const place = `Core ${hit.lane.core}, worker ${hit.lane.slot}`
  if (hit.kind === 'idle') {
    return (
      <p className={styles.readout}>
        {place}: idle at {wall === null ? '' : formatTimeOfDay(wall(hit.at), true)}
      </p>
    )
  }
  const operation = facts.operationName(hit.operation)
  if (hit.kind === 'several') {
    return (
      <p className={styles.readout}>
        {place}: {formatPlural(hit.tokens, 'short run')}, mostly {operation}, busy {formatShare(hit.busy, true)} of this
        column
      </p>
    )
  }
  return (
    <p className={styles.readout}>
      {place}: {operation} #{formatCount(hit.token)}, ran {formatDuration(hit.end - hit.start)} from{' '}
      {wall === null ? '' : formatTimeOfDay(wall(hit.start), true)}. Click to open it.
    </p>
  )
}

/** Saves a range as a Chrome trace, and says when it is not all of it. */
function useTraceExport(): (range: TimeRange, now: number) => Promise<void> {
  const host = useHost()
  const toasts = useToasts()
  const info = useFacts((facts) => facts.info)
  return async ({ from, to }, now) => {
    if (info === null) return
    try {
      const { runs, matched } = await host.call('timeline.runs', { from, to })
      const facts = { pid: info.pid, version: info.version, epochWall: info.epochWall }
      saveFile('guardhouse-trace.json', 'application/json', chromeTrace(runs, now, facts))
      toasts.show({
        tone: runs.length === matched ? 'good' : 'warn',
        title: `Saved ${formatPlural(runs.length, 'run')}`,
        text:
          runs.length === matched
            ? 'ui.perfetto.dev and chrome://tracing open it.'
            : `${formatCount(matched - runs.length)} later ones are left out: select a shorter range.`,
      })
    } catch (error) {
      toasts.show({ tone: 'bad', title: 'The trace could not be saved', text: String(error) })
    }
  }
}
