import { useMemo, useRef } from 'react'
import { useGraphLayout, useLayoutAhead } from './graph-layout.ts'
import { type Drawing, type GraphContent, pictureOf } from './graph-picture.ts'
import { LaidOut } from './laid-out.tsx'
import styles from './run-graph.module.css'
import { useFolding } from './use-folding.ts'
import { useSize } from './use-size.ts'

export interface RunGraphProps extends Omit<GraphContent, 'marked'> {
  readonly label: string
  readonly marked?: ReadonlySet<number>
  readonly onSelect: (node: number) => void
  /** A node that was searched for is to be selected and brought into the middle. */
  readonly onFind: (node: number) => void
  /** Grows when the selected node is to be brought into the middle. */
  readonly reveal?: number
}

const noMarks: ReadonlySet<number> = new Set()

/** A run as a graph: boxes of what is alike or has ended, nodes of React Flow where they can be read, one canvas where they cannot. */
export function RunGraph(props: RunGraphProps) {
  const { label, marked = noMarks, onSelect, onFind, reveal = 0 } = props
  const { shape, names, detailOf, kinds, states, durations, taken, outcomes, critical, selected } = props
  const content: GraphContent = useMemo(
    () => ({ shape, names, detailOf, kinds, states, durations, taken, outcomes, critical, selected, marked }),
    [shape, names, detailOf, kinds, states, durations, taken, outcomes, critical, selected, marked],
  )
  useLayoutAhead(shape)
  const folding = useFolding(content)
  const { folded } = folding
  const layout = useGraphLayout(folded.shape)
  const picture = useMemo(() => pictureOf(content, folded), [content, folded])
  const [frame, size] = useSize()
  const newest = useRef<Drawing | null>(null)
  if (layout !== null) newest.current = { layout, folded, picture }
  // While another folding is laid out, the one before stays.
  const drawing = newest.current
  return (
    <div ref={frame} className={styles.graph} data-graph={layout === null ? 'laying-out' : 'ready'}>
      {drawing === null || size.width === 0 ? (
        <p className={styles.loading}>Laying out {shape.nodeCount} nodes…</p>
      ) : (
        <LaidOut {...{ ...drawing, label, size, content, folding, onSelect, onFind, reveal }} />
      )}
    </div>
  )
}
