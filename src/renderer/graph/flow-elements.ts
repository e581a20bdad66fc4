import { useMemo } from 'react'
import { type Edge, MarkerType, Position } from 'reactflow'
import type { GraphPicture } from './graph-picture.ts'
import { type GraphLayout, type GraphShape, nodeSize } from './graph-shape.ts'
import type { RunFlowNode } from './run-node.tsx'

const handles = [
  { type: 'target' as const, position: Position.Left, x: 0, y: nodeSize.height / 2, width: 1, height: 1 },
  { type: 'source' as const, position: Position.Right, x: nodeSize.width, y: nodeSize.height / 2, width: 1, height: 1 },
]

export interface FlowElementsInput {
  readonly layout: GraphLayout
  readonly picture: GraphPicture
  /** Units that are near enough to exist. */
  readonly inSight: readonly number[]
  /** The unit on which the keyboard is; -1 for none. */
  readonly cursor: number
}

/** Nodes and edges for React Flow: those in sight, and what they are joined to. */
export function useFlowElements({ layout, picture, inSight, cursor }: FlowElementsInput) {
  const { shape, names, detailOf, states, counts, marked, selected, taken, labels, critical } = picture
  // Seen from afar there are no elements.
  const none = inSight.length === 0
  const byUnit = useMemo(() => (none ? [] : edgesByUnit(shape)), [none, shape])
  const touched = useMemo(() => {
    const edges = new Set(inSight.flatMap((unit) => byUnit[unit] ?? []))
    const units = new Set(inSight)
    for (const edge of edges) units.add(shape.ends[edge * 2] ?? 0).add(shape.ends[edge * 2 + 1] ?? 0)
    return { edges: [...edges], units: [...units] }
  }, [inSight, byUnit, shape])
  const nodes = useMemo(
    () =>
      touched.units.map(
        (unit): RunFlowNode => ({
          id: String(unit),
          type: 'run',
          position: { x: layout.places[unit * 2] ?? 0, y: layout.places[unit * 2 + 1] ?? 0 },
          ...nodeSize,
          handles,
          data: {
            name: names[unit] ?? '',
            detail: detailOf(unit),
            state: states[unit] ?? 0,
            count: counts[unit] ?? 1,
            marked: marked.has(unit),
            selected: unit === selected,
            cursor: unit === cursor,
          },
        }),
      ),
    [touched, layout, names, detailOf, states, counts, marked, selected, cursor],
  )
  const edges = useMemo(
    () =>
      touched.edges.map((edge): Edge => {
        const isTaken = (taken[edge] ?? 0) > 0
        const isCritical = critical.has(edge)
        const color = isCritical ? 'var(--accent)' : isTaken ? 'var(--text-faint)' : 'var(--hairline-strong)'
        const label = labels[edge] ?? ''
        const lanes = layout.lanes.get(edge)
        return {
          id: `e${edge}`,
          ...(lanes === undefined ? {} : { type: 'lane', data: { lanes } }),
          source: String(shape.ends[edge * 2]),
          target: String(shape.ends[edge * 2 + 1]),
          ...(label === '' ? {} : { label }),
          style: { stroke: color, strokeWidth: isCritical ? 2 : 1, ...(isTaken ? {} : { strokeDasharray: '4 4' }) },
          labelStyle: { fill: 'var(--text-muted)', fontSize: 11 },
          labelBgStyle: { fill: 'var(--surface-inset)' },
          markerEnd: { type: MarkerType.ArrowClosed, color },
        }
      }),
    [touched, layout, shape, taken, labels, critical],
  )
  return { nodes, edges }
}

function edgesByUnit({ nodeCount, ends }: GraphShape): readonly (readonly number[])[] {
  const edges: number[][] = Array.from({ length: nodeCount }, () => [])
  for (let edge = 0; edge * 2 < ends.length; edge++) {
    edges[ends[edge * 2] ?? 0]?.push(edge)
    edges[ends[edge * 2 + 1] ?? 0]?.push(edge)
  }
  return edges
}
