import { type MouseEvent, useEffect, useMemo, useRef, useState } from 'react'
import type { ProcedureOutput } from '../../../shared/contract/index.ts'
import { onThemeChange, readColors } from '../../charts/palette.ts'
import { useQuery } from '../../client/host-context.tsx'
import { Button } from '../../ui/button.tsx'
import { formatDuration } from '../../ui/format.ts'
import { TimeScale } from './time-scale.ts'
import styles from './workflows-page.module.css'

export interface RunTimelineProps {
  readonly run: string
  /** Changes when there is more to draw. */
  readonly version: number
  readonly span: number
  /** The moment that is looked at; null for none. */
  readonly at: number | null
  readonly selected: number | null
  readonly onSelect: (step: number, node: number) => void
}

type Timeline = ProcedureOutput<'workflows.timeline'>

const laneHeight = 18
const labelWidth = 64
const zoomLeast = 1

/** What ran when, a lane for each core. The list of steps says the same to those who cannot see it. */
export function RunTimeline({ run, version, span, at, selected, onSelect }: RunTimelineProps) {
  const [range, setRange] = useState<readonly [number, number] | null>(null)
  const [collapsed, setCollapsed] = useState(true)
  const [from, to] = range ?? [0, Math.max(1, span)]
  const { data, refresh } = useQuery('workflows.timeline', { run, from, to })
  useEffect(() => {
    if (version > 0) refresh()
  }, [version, refresh])
  const zoom = (factor: number) => {
    const middle = at ?? (from + to) / 2
    const half = ((to - from) * factor) / 2
    setRange(half * 2 >= span ? null : [Math.max(0, middle - half), Math.min(span, middle + half)])
  }
  const move = (by: number) => {
    const length = to - from
    const start = Math.min(Math.max(0, from + by * length), Math.max(0, span - length))
    setRange(length >= span ? null : [start, start + length])
  }
  return (
    <section className={styles.timeline} aria-label="Timeline">
      <div className={styles.filters}>
        <strong className={styles.grow}>Timeline by core</strong>
        <span className={styles.faint}>
          {formatDuration(from)} to {formatDuration(to)}
        </span>
        <Button size="small" aria-pressed={collapsed} onClick={() => setCollapsed(!collapsed)}>
          Leave out idle time
        </Button>
        <Button size="small" onClick={() => zoom(0.5)}>
          Closer
        </Button>
        <Button
          size="small"
          disabledReason={to - from >= span * zoomLeast ? 'All of the run is shown.' : null}
          onClick={() => zoom(2)}
        >
          Wider
        </Button>
        <Button
          size="small"
          aria-label="Earlier"
          disabledReason={from <= 0 ? 'This is the beginning.' : null}
          onClick={() => move(-0.5)}
        >
          ←
        </Button>
        <Button
          size="small"
          aria-label="Later"
          disabledReason={to >= span ? 'This is the end.' : null}
          onClick={() => move(0.5)}
        >
          →
        </Button>
      </div>
      {data === null ? null : (
        <Lanes
          timeline={data}
          from={from}
          to={to}
          collapsed={collapsed}
          at={at}
          selected={selected}
          onSelect={onSelect}
        />
      )}
    </section>
  )
}

interface LanesProps extends Pick<RunTimelineProps, 'at' | 'selected' | 'onSelect'> {
  readonly timeline: Timeline
  readonly from: number
  readonly to: number
  readonly collapsed: boolean
}

function Lanes({ timeline, from, to, collapsed, at, selected, onSelect }: LanesProps) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const [width, setWidth] = useState(0)
  const idle = useMemo(
    () =>
      collapsed
        ? timeline.idle
            .map(([start = 0, end = 0]) => [start - from, end - from])
            .filter(([start = 0, end = 0]) => start >= 0 && end <= to - from)
        : [],
    [timeline, collapsed, from, to],
  )
  const scale = useMemo(() => new TimeScale(to - from, Math.max(1, width - labelWidth), idle), [to, from, width, idle])
  const height = Math.max(1, timeline.lanes.length) * laneHeight
  useEffect(() => {
    const box = canvas.current?.parentElement
    if (box == null) return
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)))
    observer.observe(box)
    return () => observer.disconnect()
  }, [])
  useEffect(() => {
    const target = canvas.current
    const context = target?.getContext('2d') ?? null
    const box = target?.parentElement
    if (target === null || context === null || box == null || width === 0) return
    const paint = () => {
      target.width = width * devicePixelRatio
      target.height = height * devicePixelRatio
      context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0)
      drawLanes(context, box, { timeline, scale, from, to, at, selected, width, height, idle })
    }
    paint()
    return onThemeChange(paint)
  }, [timeline, scale, from, to, at, selected, width, height, idle])
  const pick = (event: MouseEvent<HTMLCanvasElement>) => {
    const box = event.currentTarget.getBoundingClientRect()
    const lane = timeline.lanes[Math.floor((event.clientY - box.top) / laneHeight)]
    const time = from + scale.time(event.clientX - box.left - labelWidth)
    const slack = (to - from) / 300
    const span =
      lane?.starts.findIndex((start, index) => time >= start - slack && time <= (lane.ends[index] ?? start) + slack) ??
      -1
    const step = lane?.steps[span] ?? -1
    if (step >= 0) onSelect(step, lane?.nodes[span] ?? -1)
  }
  return (
    <div className={styles.lanes} aria-hidden="true">
      <canvas ref={canvas} style={{ width: '100%', height }} onClick={pick} />
    </div>
  )
}

interface LaneDrawing extends Omit<LanesProps, 'collapsed' | 'onSelect'> {
  readonly scale: TimeScale
  readonly width: number
  readonly height: number
  readonly idle: readonly (readonly number[])[]
}

function drawLanes(
  context: CanvasRenderingContext2D,
  box: HTMLElement,
  { timeline, scale, from, at, selected, width, height, idle }: LaneDrawing,
): void {
  const colors = readColors(box, {
    good: '--state-completed',
    bad: '--state-failed',
    many: '--series-others',
    line: '--hairline',
    gap: '--surface-hover',
    text: '--text-muted',
    chosen: '--focus-ring',
  })
  context.clearRect(0, 0, width, height)
  context.fillStyle = colors.gap
  for (const [start = 0, end = 0] of idle)
    context.fillRect(labelWidth + scale.x(start), 0, scale.x(end) - scale.x(start), height)
  context.font = '11px system-ui, sans-serif'
  context.textBaseline = 'middle'
  timeline.lanes.forEach((lane, index) => {
    const top = index * laneHeight
    context.fillStyle = colors.text
    context.fillText(lane.name, 4, top + laneHeight / 2)
    context.fillStyle = colors.line
    context.fillRect(0, top + laneHeight - 1, width, 1)
    lane.starts.forEach((start, span) => {
      const left = labelWidth + Math.max(0, scale.x(start - from))
      const right = labelWidth + scale.x((lane.ends[span] ?? start) - from)
      const step = lane.steps[span] ?? -1
      context.fillStyle = (lane.failed[span] ?? 0) > 0 ? colors.bad : step < 0 ? colors.many : colors.good
      context.fillRect(left, top + 3, Math.max(1, right - left - 0.5), laneHeight - 7)
      if (step < 0 || step !== selected) return
      context.strokeStyle = colors.chosen
      context.lineWidth = 2
      context.strokeRect(left - 1, top + 2, Math.max(3, right - left + 2), laneHeight - 5)
    })
  })
  if (at === null || at < from) return
  context.fillStyle = colors.chosen
  context.fillRect(labelWidth + scale.x(at - from), 0, 1, height)
}
