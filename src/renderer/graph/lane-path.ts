import { type LanePoint, nodeSize } from './graph-shape.ts'

/** An SVG path from a node's right side to another's left one: straight in its lanes, bent only between the layers. */
export function lanePath(from: LanePoint, to: LanePoint, lanes: readonly LanePoint[]): string {
  let path = `M${from.x} ${from.y}`
  let at = from
  const bendTo = (next: LanePoint) => {
    const middle = (at.x + next.x) / 2
    path += `C${middle} ${at.y} ${middle} ${next.y} ${next.x} ${next.y}`
    at = next
  }
  for (const lane of lanes) {
    bendTo(lane)
    at = { x: lane.x + nodeSize.width, y: lane.y }
    path += `H${at.x}`
  }
  bendTo(to)
  return path
}
