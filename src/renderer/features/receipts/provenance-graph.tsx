import { useEffect, useRef } from 'react'
import type { ReceiptGraph } from '../../../shared/model/receipt.ts'
import { Link } from '../../shell/router-context.tsx'
import { classNames } from '../../ui/class-names.ts'
import styles from './provenance-graph.module.css'
import { layOut, type PlacedNode } from './provenance-layout.ts'
import { StatusBadge } from './receipt-marks.tsx'

const width = 168
const height = 52
const gapX = 44
const gapY = 12

const words = { parent: 'rests on', called: 'called', 'answered-from': 'was answered from' } as const

export interface ProvenanceGraphProps {
  readonly graph: ReceiptGraph
  readonly current: string
  /** Receipts in which a check has found something wrong. */
  readonly broken: ReadonlySet<string>
}

/** What a receipt rests on at its left, what rests on it at its right. Every box is a link; the lines are told in words too. */
export function ProvenanceGraph({ graph, current, broken }: ProvenanceGraphProps) {
  const layout = layOut(graph, current)
  const places = new Map(layout.nodes.map((node) => [node.id, node]))
  const size = { width: layout.columns * (width + gapX) - gapX, height: layout.rows * (height + gapY) - gapY }
  const here = placeOf(places.get(current))
  const scroller = useRef<HTMLElement>(null)
  // In a large graph the open receipt may be far from its begin.
  useEffect(() => {
    const frame = scroller.current
    if (frame === null) return
    frame.scrollTo({
      left: here.left - (frame.clientWidth - width) / 2,
      top: here.top - (frame.clientHeight - height) / 2,
    })
  }, [here.left, here.top])
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section ref={scroller} className={styles.scroller} tabIndex={0} aria-label="Receipts around this one">
      <div className={styles.canvas} style={size}>
        <svg className={styles.lines} {...size} aria-hidden="true">
          {graph.links.map(({ from, to, kind }) => (
            <path key={`${from} ${to} ${kind}`} className={styles[kind]} d={lineOf(places.get(from), places.get(to))} />
          ))}
        </svg>
        <ul className={styles.nodes}>
          {graph.nodes.map((node) => (
            <li key={node.id} className={styles.place} style={placeOf(places.get(node.id))}>
              <Node node={node} graph={graph} current={node.id === current} broken={broken.has(node.id)} />
            </li>
          ))}
        </ul>
      </div>
    </section>
  )
}

interface NodeProps {
  readonly node: ReceiptGraph['nodes'][number]
  readonly graph: ReceiptGraph
  readonly current: boolean
  readonly broken: boolean
}

function Node({ node, graph, current, broken }: NodeProps) {
  const told = graph.links
    .filter((link) => link.from === node.id)
    .map(({ to, kind }) => `${words[kind]} ${to.slice(0, 12)}`)
    .join(', ')
  return (
    <Link
      to={['receipts', node.id]}
      className={classNames(styles.node, (broken || node.missing) && styles.broken)}
      aria-current={current ? 'true' : undefined}
      title={`${node.yool} ${node.id}`}
    >
      <span className={styles.name}>{node.missing ? 'not there' : node.yool}</span>
      <span className={styles.under}>
        <StatusBadge status={node.status} />
        <code>{node.id.slice(0, 8)}</code>
        {broken ? <span className={styles.trouble}>broken</span> : null}
      </span>
      <span className="visually-hidden">{told}</span>
    </Link>
  )
}

function placeOf(place: PlacedNode | undefined) {
  const { column = 0, row = 0 } = place ?? {}
  return { left: column * (width + gapX), top: row * (height + gapY), width, height }
}

/**
 * From the right edge of the box at the left to the left edge of the one at the right. The lines of one box share their upright part,
 * so that many of them stay one line until they part; boxes below each other have it in different places.
 */
function lineOf(from: PlacedNode | undefined, to: PlacedNode | undefined): string {
  if (from === undefined || to === undefined) return ''
  const [left, right] = from.column <= to.column ? [from, to] : [to, from]
  const start = { x: left.column * (width + gapX) + width, y: left.row * (height + gapY) + height / 2 }
  const end = { x: right.column * (width + gapX), y: right.row * (height + gapY) + height / 2 }
  const upright = start.x + gapX / 2 + ((left.row % 3) - 1) * 8
  return `M${start.x} ${start.y} H${upright} V${end.y} H${end.x}`
}
