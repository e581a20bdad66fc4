import { memo } from 'react'
import { Handle, type Node, type NodeProps, Position } from 'reactflow'
import styles from './run-graph.module.css'
import { nodeStateLabel, nodeStateSigns, stateColors } from './state-colors.ts'

export interface RunNodeData extends Record<string, unknown> {
  readonly name: string
  readonly detail: string
  readonly state: number
  /** Nodes in it: more than one for a box. */
  readonly count: number
  readonly marked: boolean
  readonly selected: boolean
  /** The keyboard is on it. */
  readonly cursor: boolean
}

export type RunFlowNode = Node<RunNodeData, 'run'>

/** One node of a run. Its size is fixed and its handles are declared, so that nothing is measured. */
export const RunNode = memo(function RunNode({ data }: NodeProps<RunFlowNode>) {
  const { name, detail, state, count, marked, selected, cursor } = data
  return (
    <div
      className={styles.node}
      data-state={state}
      data-marked={marked || undefined}
      data-selected={selected || undefined}
      data-cursor={cursor || undefined}
      data-box={count > 1 || undefined}
      style={{ ['--node-color' as string]: `var(${stateColors[state] ?? stateColors[0]})` }}
      title={count > 1 ? `Unfold ${name}` : `${name}: ${nodeStateLabel(state)}`}
    >
      <Handle type="target" position={Position.Left} className={styles.handle ?? ''} isConnectable={false} />
      <span className={styles.name}>
        <span className={styles.sign} aria-hidden="true">
          {nodeStateSigns[state]}
        </span>{' '}
        {name}
      </span>
      <span className={styles.detail}>{detail}</span>
      <Handle type="source" position={Position.Right} className={styles.handle ?? ''} isConnectable={false} />
    </div>
  )
})
