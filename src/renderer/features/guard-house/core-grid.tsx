import { type CSSProperties, type KeyboardEvent, useCallback, useMemo, useRef } from 'react'
import type { SystemInfo } from '../../../shared/contract/system.ts'
import { hatch } from '../../charts/draw-strip.ts'
import { type Drawing, LiveCanvas } from '../../charts/live-canvas.tsx'
import { useHost } from '../../client/host-context.tsx'
import { useMediaQuery } from '../../ui/use-media-query.ts'
import styles from './core-grid.module.css'
import { type CellPlace, type GridMeasures, layOutCells, measureGrid } from './core-grid-layout.ts'
import { groupCores, type PackageGroup } from './core-groups.ts'
import { pinningVerdict } from './pinning.ts'
import { allWorkers } from './worker-view.ts'

export interface CoreGridProps {
  readonly info: SystemInfo
  readonly selected: number
  readonly onSelect: (core: number) => void
}

/** Every core as one small cell, filled from below as it is busy. For machines with more cores than lanes fit. */
export function CoreGrid({ info, selected, onSelect }: CoreGridProps) {
  const groups = useMemo(() => groupCores(info.topology), [info.topology])
  const wide = useMediaQuery('(min-width: 1600px)')
  const measures = useMemo(() => measureGrid(groups.length, wide), [groups, wide])
  return (
    <div className={styles.groups}>
      {groups.map((group) => (
        <PackageGrid
          key={group.package}
          group={group}
          measures={measures}
          info={info}
          selected={selected}
          onSelect={onSelect}
        />
      ))}
    </div>
  )
}

interface PackageGridProps extends CoreGridProps {
  readonly group: PackageGroup
  readonly measures: GridMeasures
}

function PackageGrid({ group, measures, info, selected, onSelect }: PackageGridProps) {
  const { telemetry } = useHost()
  const buttons = useRef<HTMLDivElement>(null)
  const cores = info.topology.cores.slice(group.first, group.first + group.length)
  const layout = useMemo(() => layOutCells(group, measures), [group, measures])
  const draw = useCallback(
    (drawing: Drawing) => {
      const frame = telemetry.latest
      if (frame === null) return
      const troubled = new Set(
        allWorkers(frame)
          .filter(isTroubled)
          .map((worker) => worker.core),
      )
      for (let index = 0; index < group.length; index += 1) {
        const core = group.first + index
        drawCell(drawing, layout.cells[index] ?? origin, measures.pitch - 2, {
          ours: frame.cores.ours[core] ?? 0,
          others: frame.cores.others[core] ?? 0,
          troubled: troubled.has(frame.cores.core[core] ?? 0),
        })
      }
    },
    [telemetry, group, layout, measures],
  )

  function onKeyDown(event: KeyboardEvent) {
    const { cellsPerRow } = measures
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: cellsPerRow, ArrowUp: -cellsPerRow }[event.key]
    if (step === undefined) return
    event.preventDefault()
    const at = cores.findIndex((core) => core.core === selected)
    const next = cores[at + step]
    if (next === undefined) return
    onSelect(next.core)
    buttons.current?.querySelectorAll('button')[at + step]?.focus()
  }

  const holdsSelected = cores.some((core) => core.core === selected)
  return (
    <section className={styles.package} aria-label={`Package ${group.package}`}>
      <h3 className={styles.title}>
        Package {group.package}
        <span className={styles.note}>
          cores {cores[0]?.core} to {cores.at(-1)?.core}
          {group.caches[0] === undefined ? '' : `, ${group.caches.length} × ${group.caches[0].label}`}
        </span>
      </h3>
      <div className={styles.grid} style={{ width: layout.width, height: layout.height }}>
        <LiveCanvas height="100%" draw={draw} />
        {/* biome-ignore lint/a11y/noStaticElementInteractions: the arrow keys move between the buttons in it */}
        <div ref={buttons} className={styles.buttons} onKeyDown={onKeyDown}>
          {cores.map((core, index) => (
            <button
              key={core.core}
              type="button"
              className={styles.cell}
              aria-label={`Core ${core.core}, CPU ${core.cpu}`}
              aria-pressed={core.core === selected}
              title={`Core ${core.core}`}
              style={cellStyle(layout.cells[index] ?? origin, measures.pitch)}
              tabIndex={core.core === selected || (!holdsSelected && index === 0) ? 0 : -1}
              onClick={() => onSelect(core.core)}
            />
          ))}
        </div>
      </div>
    </section>
  )
}

function cellStyle({ x, y }: CellPlace, pitch: number): CSSProperties {
  return { transform: `translate(${x}px, ${y}px)`, width: pitch, height: pitch }
}

interface CellState {
  readonly ours: number
  readonly others: number
  readonly troubled: boolean
}

const origin: CellPlace = { x: 0, y: 0 }

function drawCell(
  { context, palette }: Drawing,
  { x, y }: CellPlace,
  cell: number,
  { ours, others, troubled }: CellState,
): void {
  const left = x + 1
  const top = y + 1
  context.fillStyle = palette.hairline
  context.globalAlpha = 0.35
  context.fillRect(left, top, cell, cell)
  context.globalAlpha = 1
  const oursHeight = Math.round(cell * ours)
  const othersHeight = Math.round(cell * Math.min(1 - ours, others))
  context.fillStyle = hatch(context, palette.others)
  context.fillRect(left, top + cell - oursHeight - othersHeight, cell, othersHeight)
  context.fillStyle = palette.ours
  context.fillRect(left, top + cell - oursHeight, cell, oursHeight)
  if (!troubled) return
  // A corner: a mark that does not hang on its colour.
  context.fillStyle = palette.bad
  context.beginPath()
  context.moveTo(left + cell - 11, top)
  context.lineTo(left + cell, top)
  context.lineTo(left + cell, top + 11)
  context.fill()
}

function isTroubled(worker: Parameters<typeof pinningVerdict>[0]): boolean {
  const verdict = pinningVerdict(worker)
  return verdict === 'drifted' || verdict === 'unbound' || worker.state === 'replacing' || worker.state === 'stopping'
}
