import type { TelemetryFrame } from '../../../shared/frames/telemetry.ts'
import type { TokenState } from '../../../shared/model/token.ts'
import { decadeScale, drawLine, linearScale, rangeOf } from '../../charts/draw-line.ts'
import { type Drawing, LiveCanvas } from '../../charts/live-canvas.tsx'
import { useHost, useTelemetry } from '../../client/host-context.tsx'
import type { HistorySeries } from '../../client/telemetry-history.ts'
import { Link } from '../../shell/router-context.tsx'
import { formatCount, formatDuration, formatRate } from '../../ui/format.ts'
import { StateMark } from '../../ui/state-mark.tsx'
import { everyToken, tokensPath } from '../tokens/index.ts'
import styles from './figures.module.css'

/** The whole scheduler in five groups of numbers. */
export function Figures() {
  return (
    <div className={styles.figures}>
      <Throughput />
      <States title="Now" states={liveStates} held />
      <States title="Ended since start" states={endStates} />
      <Quantiles title="Wait until run" names={['waitP50', 'waitP95', 'waitP99']} />
      <Quantiles title="Run time" names={['runP50', 'runP95', 'runP99']} />
    </div>
  )
}

type Counted = 'waitingNow' | 'admittedNow' | 'executingNow' | 'completed' | 'failed' | 'killed' | 'timedOut'

const liveStates: readonly (readonly [TokenState, Counted])[] = [
  ['WAITING', 'waitingNow'],
  ['ADMITTED', 'admittedNow'],
  ['EXECUTING', 'executingNow'],
]
const endStates: readonly (readonly [TokenState, Counted])[] = [
  ['COMPLETED', 'completed'],
  ['FAILED', 'failed'],
  ['KILLED', 'killed'],
  ['TIMEOUT', 'timedOut'],
]

function Throughput() {
  const rate = useTelemetry((frame) => formatRate(frame?.throughput))
  const created = useTelemetry((frame) => formatCount(frame?.created))
  return (
    <section className={styles.group} aria-label="Throughput">
      <h2 className={styles.title}>Tokens ended per second</h2>
      <p className={styles.figure}>{rate}</p>
      <p className={styles.under}>{created} created since start</p>
      <LastMinute name="throughput" format={formatRate} />
      <div className={styles.spark}>
        <LiveCanvas height="100%" draw={drawThroughput} />
      </div>
    </section>
  )
}

function drawThroughput(drawing: Drawing): void {
  const { throughput } = drawing.history.series
  const range = rangeOf(drawing, [throughput])
  if (range !== null) drawLine(drawing, throughput, linearScale(range.high), drawing.palette.info, true)
}

interface StatesProps {
  readonly title: string
  readonly states: readonly (readonly [TokenState, Counted])[]
  /** Also says how many tokens a person holds back. */
  readonly held?: boolean
}

function States({ title, states, held = false }: StatesProps) {
  return (
    <section className={styles.group} aria-label={title}>
      <h2 className={styles.title}>{title}</h2>
      <dl className={styles.rows}>
        {states.map(([state, name]) => (
          <StateRow key={state} state={state} name={name} />
        ))}
        {held ? <HeldRow /> : null}
      </dl>
    </section>
  )
}

function StateRow({ state, name }: { readonly state: TokenState; readonly name: Counted }) {
  const count = useTelemetry((frame) => frame?.[name] ?? null)
  const isTrouble = state === 'FAILED' || state === 'TIMEOUT'
  return (
    <div className={count === 0 ? styles.zeroRow : styles.row}>
      <dt>
        <Link className={styles.link} to={tokensPath({ ...everyToken, filter: { states: [state] } })}>
          <StateMark state={state} />
        </Link>
      </dt>
      <dd className={isTrouble && count !== null && count > 0 ? styles.trouble : undefined}>{formatCount(count)}</dd>
    </div>
  )
}

function HeldRow() {
  const held = useTelemetry((frame) => frame?.heldNow ?? null)
  return (
    <div className={held === 0 ? styles.zeroRow : styles.row}>
      <dt className={styles.unmarked}>Held by a person</dt>
      <dd>{formatCount(held)}</dd>
    </div>
  )
}

interface QuantilesProps {
  readonly title: string
  readonly names: readonly [HistorySeries, HistorySeries, HistorySeries]
}

const quantileLabels = ['p50', 'p95', 'p99'] as const

/** Three quantiles over the newest finished tokens, and how they went over the last minute. */
function Quantiles({ title, names }: QuantilesProps) {
  const texts = useTelemetry((frame) => names.map((name) => quantileText(frame, name)).join('|')).split('|')
  return (
    <section className={styles.group} aria-label={title}>
      <h2 className={styles.title}>{title}</h2>
      <dl className={styles.rows}>
        {quantileLabels.map((label, index) => (
          <div key={label} className={styles.row}>
            <dt className={styles.unmarked}>{label}</dt>
            <dd>{texts[index]}</dd>
          </div>
        ))}
      </dl>
      <LastMinute name={names[1]} format={formatDuration} />
      <div className={styles.spark}>
        <LiveCanvas height="100%" draw={(drawing) => drawQuantiles(drawing, names)} />
      </div>
    </section>
  )
}

interface LastMinuteProps {
  readonly name: HistorySeries
  readonly format: (value: number | null | undefined) => string
}

/** What a sparkline draws, in words for who cannot see it. */
function LastMinute({ name, format }: LastMinuteProps) {
  const { telemetry } = useHost()
  const words = useTelemetry(() => {
    const { history } = telemetry
    const summary = history.summary(history.series[name], 60)
    return summary === null ? '' : `Last minute: mean ${format(summary.mean)}, largest ${format(summary.max)}`
  }, 5000)
  return <p className="visually-hidden">{words}</p>
}

function quantileText(frame: TelemetryFrame | null, name: HistorySeries): string {
  return frame === null ? formatDuration(null) : formatDuration(frame[name])
}

/** On a scale of decades: the median bright, the others faint. */
function drawQuantiles(drawing: Drawing, names: QuantilesProps['names']): void {
  const series = names.map((name) => drawing.history.series[name])
  const range = rangeOf(drawing, series)
  if (range === null) return
  const scale = decadeScale(range.low, range.high)
  series.forEach((one, index) => {
    drawLine(drawing, one, scale, index === 0 ? drawing.palette.info : drawing.palette.faint)
  })
}
