import { type CSSProperties, type KeyboardEvent, type PointerEvent, type ReactNode, useRef, useState } from 'react'
import styles from './detail-split.module.css'

export interface DetailSplitProps {
  /** Under this name the width is kept. */
  readonly name: string
  readonly table: ReactNode
  /** What is open beside the table; null when nothing is. */
  readonly detail: ReactNode | null
  /** The detail takes the place of the table. */
  readonly full?: boolean
  /** Name of the detail for screen readers. */
  readonly detailLabel: string
}

const least = 360
const usual = 460
const most = 1000
// The table beside it must stay usable.
const tableLeast = 320
const step = 32

/** A table, and beside it one of its rows in detail. The line between them can be dragged, or moved with the arrow keys. */
export function DetailSplit({ name, table, detail, full = false, detailLabel }: DetailSplitProps) {
  const frame = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useStoredWidth(name)
  const resize = (wanted: number) => {
    const whole = frame.current?.clientWidth ?? most
    setWidth(Math.round(Math.max(least, Math.min(wanted, most, whole - tableLeast))))
  }
  const isFull = full && detail !== null
  return (
    <div ref={frame} className={styles.split}>
      {isFull ? null : <div className={styles.table}>{table}</div>}
      {detail === null ? null : (
        <>
          {isFull ? null : <Separator name={detailLabel} width={width} onResize={resize} />}
          <section
            aria-label={detailLabel}
            className={isFull ? styles.full : styles.detail}
            style={isFull ? undefined : detailWidth(width)}
          >
            {detail}
          </section>
        </>
      )}
    </div>
  )
}

function detailWidth(width: number): CSSProperties {
  const style: CSSProperties & Record<`--${string}`, string> = { '--detail-width': `${width}px` }
  return style
}

interface SeparatorProps {
  readonly name: string
  readonly width: number
  readonly onResize: (width: number) => void
}

function Separator({ name, width, onResize }: SeparatorProps) {
  const drag = (event: PointerEvent<HTMLElement>) => {
    const separator = event.currentTarget
    const from = { x: event.clientX, width }
    separator.setPointerCapture(event.pointerId)
    separator.onpointermove = (move) => onResize(from.width - (move.clientX - from.x))
    separator.onlostpointercapture = () => {
      separator.onpointermove = null
    }
  }
  const press = (event: KeyboardEvent) => {
    const change = { ArrowLeft: step, ArrowRight: -step, Home: -most, End: most }[event.key]
    if (change === undefined) return
    event.preventDefault()
    onResize(width + change)
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: hr is a line between texts; this one is moved
    <div
      role="separator"
      aria-orientation="vertical"
      aria-label={`Width of ${name.toLowerCase()}`}
      aria-valuenow={width}
      aria-valuemin={least}
      aria-valuemax={most}
      tabIndex={0}
      className={styles.separator}
      onPointerDown={drag}
      onDoubleClick={() => onResize(usual)}
      onKeyDown={press}
    />
  )
}

function useStoredWidth(name: string): readonly [number, (width: number) => void] {
  const key = `guardhouse.width.${name}`
  const [width, setWidth] = useState(() => {
    const stored = Number(localStorage.getItem(key) ?? usual)
    return stored >= least && stored <= most ? stored : usual
  })
  return [
    width,
    (next) => {
      setWidth(next)
      localStorage.setItem(key, String(next))
    },
  ]
}
