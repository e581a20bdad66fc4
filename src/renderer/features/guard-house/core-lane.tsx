import type { SystemInfo } from '../../../shared/contract/system.ts'
import type { TelemetryFrame } from '../../../shared/frames/telemetry.ts'
import { drawStrip } from '../../charts/draw-strip.ts'
import { type Drawing, LiveCanvas } from '../../charts/live-canvas.tsx'
import { useTelemetry } from '../../client/host-context.tsx'
import { classNames } from '../../ui/class-names.ts'
import { formatShare } from '../../ui/format.ts'
import { coreKindMark } from './core-groups.ts'
import styles from './core-lanes.module.css'
import type { LaneBrackets } from './lane-brackets.ts'
import { PatternControl } from './pattern-control.tsx'
import { WorkerCells } from './worker-cells.tsx'
import { sameWorkers, type WorkerView, workersOfCore } from './worker-view.ts'

type CoreInfo = SystemInfo['topology']['cores'][number]

export interface CoreLaneProps {
  readonly core: CoreInfo
  /** Rows of the table that the lane takes. */
  readonly rows: number
  readonly brackets: LaneBrackets
  /** False where threads cannot be bound. */
  readonly pinning: boolean
  /** How many workers the core can have; null when unknown. */
  readonly mostWorkers: number | null
  /** How much longer its workers begin nothing because of the quota, milliseconds. */
  readonly restMs: number
}

const none: readonly WorkerView[] = []

/** One core: its minute, its share, its pattern, and a row per worker. */
export function CoreLane({ core, rows, brackets, pinning, mostWorkers, restMs }: CoreLaneProps) {
  const workers = useTelemetry((frame) => (frame === null ? none : workersOfCore(frame, core.core)), 500, sameWorkers)
  const index = core.core - 1
  return Array.from({ length: rows }, (_, row) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a row is a slot, and slots never change places
    <tr key={row} className={classNames(row === 0 && styles.firstRow)}>
      {row === 0 ? (
        <>
          <BracketCell bracket={brackets.cache} rows={rows} outer />
          <BracketCell bracket={brackets.siblings} rows={rows} />
          <th scope="rowgroup" rowSpan={rows} className={styles.core}>
            <CoreName core={core} />
            <CoreShare index={index} />
          </th>
          <td rowSpan={rows} className={styles.strip}>
            <div className={styles.stripBox}>
              <Strip index={index} />
            </div>
          </td>
          <td rowSpan={rows} className={styles.pattern}>
            <PatternControl core={core.core} workers={mostWorkers ?? rows} />
          </td>
        </>
      ) : null}
      <WorkerCells slot={row} worker={workers.find(({ slot }) => slot === row)} pinning={pinning} restMs={restMs} />
    </tr>
  ))
}

interface BracketCellProps {
  readonly bracket: LaneBrackets['cache']
  readonly rows: number
  /** Has a label astride its line, so it needs more room. */
  readonly outer?: boolean
}

function BracketCell({ bracket, rows, outer = false }: BracketCellProps) {
  if (bracket === null) return null
  if (bracket === undefined) return <td rowSpan={rows} />
  return (
    <td rowSpan={bracket.rows} className={classNames(styles.bracket, outer && styles.outerBracket)}>
      <span className={styles.bracketLine}>
        {bracket.label === null ? (
          <span className="visually-hidden">One physical core</span>
        ) : (
          <span className={styles.bracketLabel}>{bracket.label}</span>
        )}
      </span>
    </td>
  )
}

function CoreName({ core }: { readonly core: CoreInfo }) {
  const kind = coreKindMark(core)
  return (
    <span className={styles.coreName}>
      Core {core.core}
      <span className={styles.cpu}>
        CPU {core.cpu}
        {kind === null ? null : (
          <abbr title={kind.words} className={styles.kind}>
            {kind.mark}
          </abbr>
        )}
      </span>
    </span>
  )
}

/** What of the core is ours and what others use, now. */
function CoreShare({ index }: { readonly index: number }) {
  const share = (name: 'ours' | 'others') => (frame: TelemetryFrame | null) => formatShare(frame?.cores[name][index])
  const ours = useTelemetry(share('ours'))
  const others = useTelemetry(share('others'))
  return (
    <span className={styles.share}>
      <span>
        <span className={styles.oursMark} aria-hidden="true" />
        <span className="visually-hidden">ours </span>
        {ours}
      </span>
      <span>
        <span className={styles.othersMark} aria-hidden="true" />
        <span className="visually-hidden">others </span>
        {others}
      </span>
    </span>
  )
}

function Strip({ index }: { readonly index: number }) {
  return <LiveCanvas height="100%" draw={(drawing: Drawing) => drawStrip(drawing, index)} />
}
