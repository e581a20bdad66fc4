import { memo } from 'react'
import { BaseEdge, type Edge, type EdgeProps } from 'reactflow'
import { type LanePoint, nodeSize } from './graph-shape.ts'
import { lanePath } from './lane-path.ts'

type LaneFlowEdge = Edge<{ readonly lanes: readonly LanePoint[] }, 'lane'>

/** An edge that passes other layers through lanes of its own. */
export const LaneEdge = memo(function LaneEdge(props: EdgeProps<LaneFlowEdge>) {
  const { sourceX, sourceY, targetX, targetY, data, style = {}, markerEnd = '' } = props
  const { label, labelStyle = {}, labelBgStyle = {} } = props
  const lanes = data?.lanes ?? []
  const path = lanePath({ x: sourceX, y: sourceY }, { x: targetX, y: targetY }, lanes)
  const middle = lanes[Math.floor(lanes.length / 2)]
  return (
    <BaseEdge
      path={path}
      labelX={middle === undefined ? (sourceX + targetX) / 2 : middle.x + nodeSize.width / 2}
      labelY={middle?.y ?? (sourceY + targetY) / 2}
      {...{ style, markerEnd, label, labelStyle, labelBgStyle }}
    />
  )
})
