import { ChevronLeft, ChevronRight, Maximize2, Minus, Plus } from 'lucide-react'
import { type KeyboardEvent, useEffect, useState } from 'react'
import { useQuery } from '../../client/host-context.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { formatDuration } from '../../ui/format.ts'
import { TimelineLanes } from './timeline-lanes.tsx'
import { shifted, type TimelineRange, zoomed } from './timeline-range.ts'
import styles from './workflows-page.module.css'

export interface RunTimelineProps {
  readonly run: string
  /** Changes when there is more to draw. */
  readonly version: number
  readonly span: number
  /** The moment that is looked at; null for none. */
  readonly at: number | null
  readonly selected: number | null
  /** By node. */
  readonly names: readonly string[]
  readonly onSelect: (step: number, node: number) => void
}

/** By how much of what is seen a key or button moves the picture. */
const moveShare = 0.25
const zoomFactor = 1.5

/** What ran when, a lane for each core. The list of steps says the same to those who cannot see it. */
export function RunTimeline({ run, version, span, at, selected, names, onSelect }: RunTimelineProps) {
  const [range, setRange] = useState<TimelineRange>(null)
  const [collapsed, setCollapsed] = useState(true)
  const whole = Math.max(1, span)
  const [from, to] = range ?? [0, whole]
  const { data, refresh } = useQuery('workflows.timeline', { run, from, to })
  useEffect(() => {
    if (version > 0) refresh()
  }, [version, refresh])
  const zoom = (factor: number, around = at ?? (from + to) / 2) => setRange(zoomed(range, whole, factor, around))
  const move = (share: number) => setRange(shifted(range, whole, share))
  const press = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const acts: Readonly<Record<string, () => void>> = {
      w: () => zoom(1 / zoomFactor),
      s: () => zoom(zoomFactor),
      a: () => move(-moveShare),
      d: () => move(moveShare),
      f: () => setRange(null),
    }
    const act = acts[event.key.toLowerCase()]
    if (act === undefined) return
    event.preventDefault()
    event.stopPropagation()
    act()
  }
  const allShown = range === null ? 'All of the run is shown.' : null
  return (
    <section
      className={styles.timeline}
      aria-label="Timeline"
      aria-description="W and S zoom, A and D move, F shows all of the run"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it is moved with the keyboard
      tabIndex={0}
      onKeyDown={press}
    >
      <div className={styles.filters}>
        <h2 className={styles.heading}>Timeline by core</h2>
        <span className={styles.grow}>{range === null ? '' : `${formatDuration(from)} to ${formatDuration(to)}`}</span>
        <Button size="small" variant="quiet" aria-pressed={collapsed} onClick={() => setCollapsed(!collapsed)}>
          {collapsed ? 'Idle time is left out' : 'Leave out idle time'}
        </Button>
        <IconButton
          size="small"
          label="Earlier (A)"
          icon={<ChevronLeft size={14} aria-hidden="true" />}
          disabledReason={allShown ?? (from <= 0 ? 'This is the beginning.' : null)}
          onClick={() => move(-moveShare)}
        />
        <IconButton
          size="small"
          label="Later (D)"
          icon={<ChevronRight size={14} aria-hidden="true" />}
          disabledReason={allShown ?? (to >= whole ? 'This is the end.' : null)}
          onClick={() => move(moveShare)}
        />
        <IconButton
          size="small"
          label="Wider (S)"
          icon={<Minus size={14} aria-hidden="true" />}
          disabledReason={allShown}
          onClick={() => zoom(zoomFactor)}
        />
        <IconButton
          size="small"
          label="Closer (W)"
          icon={<Plus size={14} aria-hidden="true" />}
          onClick={() => zoom(1 / zoomFactor)}
        />
        <IconButton
          size="small"
          label="All of the run (F)"
          icon={<Maximize2 size={14} aria-hidden="true" />}
          disabledReason={allShown}
          onClick={() => setRange(null)}
        />
      </div>
      {data === null ? null : (
        <TimelineLanes
          {...{ timeline: data, from, to, collapsed, at, selected, names, onSelect }}
          onZoom={zoom}
          onMove={move}
        />
      )}
    </section>
  )
}
