import { blockTextPath, blockTextWidth } from './block-letters.ts'
import { layoutGraph, nodeHeight, nodeWidth, type PlacedNode } from './graph-layout.ts'
import type { GraphEdge, GraphNode, WorkflowGraph } from './workflow-graph.ts'

/** What a run did in its workflow: the nodes that it visited, and the edges that it took. */
export interface WalkedPart {
  readonly nodes: ReadonlySet<string>
  /** `<from> <status>`. */
  readonly edges: ReadonlySet<string>
}

const margin = 32
const titleHeight = 36
const walkedColor = '#c62828'
const plainColor = '#455a64'

/** How texts are drawn: by a font of the machine, or by our own letters where it has none. */
export type Lettering = 'font' | 'blocks'

/**
 * The workflow as an SVG, left to right, with what the run walked in red: as the older engine drew it. Everything is in the
 * picture itself: no font, no style, no picture from elsewhere.
 */
export function runPicture(
  title: string,
  graph: WorkflowGraph,
  walked: WalkedPart,
  lettering: Lettering = 'font',
): string {
  const places = layoutGraph(graph)
  const all = [...places.values()]
  const width = Math.max(...all.map(({ x }) => x + nodeWidth), nodeWidth) + 2 * margin
  const height = Math.max(...all.map(({ y }) => y + nodeHeight), nodeHeight) + 2 * margin + titleHeight
  const draw = new Drawing(lettering)
  const edges = groupsOf(graph.edges).map((group) => draw.edges(group, places, walked.edges))
  const nodes = graph.nodes.map((node) => draw.node(node, places.get(node.id), walked.nodes.has(node.id)))
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    draw.text(title, width / 2, margin, 15, '#102027'),
    `<g transform="translate(${margin} ${margin + titleHeight})">`,
    ...edges,
    ...nodes,
    '</g>',
    '</svg>',
  ].join('\n')
}

class Drawing {
  readonly #lettering: Lettering

  constructor(lettering: Lettering) {
    this.#lettering = lettering
  }

  node({ id, kind, name }: GraphNode, place: PlacedNode | undefined, walked: boolean): string {
    const { x = 0, y = 0 } = place ?? {}
    const look = `fill="${walked ? '#ffcccc' : '#f5f7f8'}" stroke="${walked ? walkedColor : plainColor}" stroke-width="${walked ? 2 : 1}"`
    const middle = x + nodeWidth / 2
    const sub = name === '' ? `[${kind}]` : `[${kind}] ${name.slice(0, name.indexOf('::'))}`
    return `<g>${outline(kind, x, y, look)}${this.text(shortened(id, 30), middle, y + 26, 12, '#102027')}${this.text(sub, middle, y + 43, 10, plainColor)}</g>`
  }

  /** All edges between two nodes: one line, with their statuses one below the other. */
  edges(group: readonly GraphEdge[], places: ReadonlyMap<string, PlacedNode>, walked: WalkedPart['edges']): string {
    const [first] = group
    const start = places.get(first?.from ?? '')
    const end = places.get(first?.to ?? '')
    if (start === undefined || end === undefined) return ''
    const isWalked = ({ from, status }: GraphEdge): boolean => walked.has(`${from} ${status}`)
    const taken = group.some(isWalked)
    const color = taken ? walkedColor : plainColor
    const curve = curveBetween(start, end)
    const labels = group.map((edge, index) =>
      this.text(edge.status, curve.labelX, curve.labelY - 4 + index * 11, 9, isWalked(edge) ? walkedColor : plainColor),
    )
    return `<path d="${curve.line}" fill="none" stroke="${color}" stroke-width="${taken ? 3 : 1}"/><path d="${curve.tip}" fill="${color}"/>${labels.join('')}`
  }

  /** A text around the middle `x`, standing on `y`. */
  text(text: string, x: number, y: number, size: number, color: string): string {
    if (this.#lettering === 'font') {
      return `<text x="${x}" y="${y}" font-family="Helvetica, Arial, sans-serif" font-size="${size}" text-anchor="middle" fill="${color}">${escaped(text)}</text>`
    }
    const scale = size / 10
    const left = x - (blockTextWidth(text) * scale) / 2
    return `<path transform="translate(${left} ${y}) scale(${scale})" d="${blockTextPath(text)}" fill="${color}"/>`
  }
}

function outline(kind: GraphNode['kind'], x: number, y: number, look: string): string {
  const box = (inset: number, radius: number): string =>
    `<rect x="${x + inset}" y="${y + inset}" width="${nodeWidth - 2 * inset}" height="${nodeHeight - 2 * inset}" rx="${radius}" ${look}/>`
  if (kind === 'contract') return box(0, 3)
  if (kind === 'exit') return box(0, nodeHeight / 2) + box(4, nodeHeight / 2 - 4)
  const [right, bottom, cut] = [x + nodeWidth, y + nodeHeight, 16]
  const middle = y + nodeHeight / 2
  return `<path d="M${x + cut} ${y}H${right - cut}L${right} ${middle}L${right - cut} ${bottom}H${x + cut}L${x} ${middle}Z" ${look}/>`
}

/** A line from the right of one node to the left of another; its label stands near the beginning, where lines are still apart. */
function curveBetween(start: PlacedNode, end: PlacedNode) {
  const [x1, y1] = [start.x + nodeWidth, start.y + nodeHeight / 2]
  const [x2, y2] = [end.x, end.y + nodeHeight / 2]
  const bend = Math.max(60, Math.min(120, Math.abs(x2 - x1) / 2))
  const at = (a: number, b: number, c: number, d: number): number => 0.166 * a + 0.408 * b + 0.334 * c + 0.092 * d
  const near = x2 - x1 > 2 * bend + 20
  return {
    line: `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2 - 8} ${y2}`,
    tip: `M${x2} ${y2}l-9 -4.5v9z`,
    labelX: near ? x1 + bend / 2 + 12 : at(x1, x1 + bend, x2 - bend, x2),
    labelY: near ? y1 + (y2 - y1) * 0.12 : at(y1, y1, y2, y2),
  }
}

/** Edges by what they lead from and to. */
function groupsOf(edges: readonly GraphEdge[]): GraphEdge[][] {
  const groups = new Map<string, GraphEdge[]>()
  for (const edge of edges) {
    const key = `${edge.from} ${edge.to}`
    groups.set(key, [...(groups.get(key) ?? []), edge])
  }
  return [...groups.values()]
}

function shortened(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 3)}...` : text
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
