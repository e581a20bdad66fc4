import { FoldHorizontal, Maximize2, Minus, Plus, UnfoldHorizontal } from 'lucide-react'
import { Button, IconButton } from '../ui/button.tsx'
import { formatCount } from '../ui/format.ts'
import styles from './run-graph.module.css'
import type { Folding } from './use-folding.ts'
import type { GraphViewport } from './use-graph-viewport.ts'

export interface GraphControlsProps {
  readonly view: GraphViewport
  readonly folding: Folding
  /** Boxes and nodes drawn, and nodes that there are. */
  readonly shown: number
  readonly all: number
}

/** What the lines mean. */
export function GraphLegend({ critical }: { readonly critical: boolean }) {
  return (
    <ul className={styles.legend}>
      {lines.slice(0, critical ? 3 : 2).map(({ word, dashes, color, width }) => (
        <li key={word}>
          <svg width="24" height="8" aria-hidden="true">
            <line x1="0" y1="4" x2="24" y2="4" stroke={`var(${color})`} strokeWidth={width} strokeDasharray={dashes} />
          </svg>
          {word}
        </li>
      ))}
    </ul>
  )
}

const lines = [
  { word: 'Taken', color: '--text-faint', width: 1, dashes: undefined },
  { word: 'Not taken', color: '--text-faint', width: 1, dashes: '4 4' },
  { word: 'Critical path', color: '--accent', width: 2, dashes: undefined },
] as const

/** Zoom, and how much of the graph is folded. */
export function GraphControls({ view, folding, shown, all }: GraphControlsProps) {
  return (
    <div className={styles.controls}>
      {folding.possible ? <FoldControls folding={folding} shown={shown} all={all} /> : null}
      <span className={styles.percent}>{view.percent} %</span>
      <IconButton
        size="small"
        label="Zoom out (-)"
        icon={<Minus size={14} aria-hidden="true" />}
        onClick={() => view.zoomBy(1 / 1.5)}
      />
      <IconButton
        size="small"
        label="Zoom in (+)"
        icon={<Plus size={14} aria-hidden="true" />}
        onClick={() => view.zoomBy(1.5)}
      />
      <IconButton
        size="small"
        label="Fit the graph (F)"
        icon={<Maximize2 size={14} aria-hidden="true" />}
        onClick={view.fit}
      />
    </div>
  )
}

function FoldControls({ folding, shown, all }: Omit<GraphControlsProps, 'view'>) {
  const { on, touched, fold, unfoldAll } = folding
  return (
    <>
      <span>
        {shown === all ? `${formatCount(all)} nodes` : `${formatCount(all)} nodes in ${formatCount(shown)} boxes`}
      </span>
      {on && !touched ? null : (
        <Button size="small" variant="quiet" icon={<FoldHorizontal size={14} aria-hidden="true" />} onClick={fold}>
          Fold
        </Button>
      )}
      {on ? (
        <Button
          size="small"
          variant="quiet"
          icon={<UnfoldHorizontal size={14} aria-hidden="true" />}
          onClick={unfoldAll}
        >
          Unfold all
        </Button>
      ) : null}
    </>
  )
}
