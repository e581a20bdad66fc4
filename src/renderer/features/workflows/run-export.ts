import type { RunProgress, WorkflowRunDetail } from '../../../shared/contract/workflows.ts'
import { type GraphLayout, nodeSize } from '../../graph/graph-shape.ts'
import { lanePath } from '../../graph/lane-path.ts'
import { nodeStateLabel, nodeStateSigns } from '../../graph/state-colors.ts'
import { formatDateTime, formatDuration } from '../../ui/format.ts'

/** The largest side of a picture in pixels that browsers make. */
const largestSide = 16_000
/** Colours of a picture that is looked at elsewhere, on white. The states' are those of the light theme. */
const ink = ['#c9ced6', '#0066c4', '#00805c', '#c8431a', '#b06000'] as const

/** A run in words: what ran, how it ended, every node. */
export function runMarkdown({ run, graph, payload, result }: WorkflowRunDetail, progress: RunProgress): string {
  const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ')
  const rows = graph.nodes.map((node, at) => {
    const status = progress.statuses[progress.status[at] ?? -1] ?? ''
    const cells = [
      node.id,
      node.name,
      nodeStateLabel(progress.states[at] ?? 0),
      status,
      String(progress.visits[at] ?? 0),
    ]
    return `| ${[...cells.map(cell), formatDuration(progress.durations[at] ?? 0)].join(' | ')} |`
  })
  return [
    `# ${run.workflow}`,
    '',
    `- Run: \`${run.id}\``,
    `- State: ${run.state}${run.status === null ? '' : `, ${run.status}`}`,
    ...(run.error === null ? [] : [`- Error: ${run.error.message}`]),
    `- Started: ${formatDateTime(run.startedAt)}`,
    `- Duration: ${formatDuration(run.duration ?? progress.span)}`,
    ...(run.hash === null ? [] : [`- Seal: \`${run.hash}\``]),
    `- Critical path: ${progress.critical.map((node) => graph.nodes[node]?.id ?? '').join(' → ')}`,
    '',
    '| Node | Runs | State | Outcome | Visits | Time |',
    '| --- | --- | --- | --- | ---: | ---: |',
    ...rows,
    '',
    '## Payload',
    '',
    '```json',
    payload?.text ?? 'null',
    '```',
    '',
    '## Result',
    '',
    '```json',
    result?.text ?? 'null',
    '```',
    '',
  ].join('\n')
}

/** The graph as SVG, at its natural size. */
export function graphPicture(
  { graph, run }: WorkflowRunDetail,
  progress: RunProgress,
  { places, lanes, width, height }: GraphLayout,
): string {
  const pad = 16
  const edges = graph.edges.from.map((from, edge) => {
    const to = graph.edges.to[edge] ?? 0
    const fromX = (places[from * 2] ?? 0) + nodeSize.width
    const fromY = (places[from * 2 + 1] ?? 0) + nodeSize.height / 2
    const toX = places[to * 2] ?? 0
    const toY = (places[to * 2 + 1] ?? 0) + nodeSize.height / 2
    const bend = Math.max(24, (toX - fromX) / 2)
    const taken = (progress.taken[edge] ?? 0) > 0
    const passed = lanes.get(edge)
    const line =
      passed === undefined
        ? `M${fromX} ${fromY}C${fromX + bend} ${fromY} ${toX - bend} ${toY} ${toX} ${toY}`
        : lanePath({ x: fromX, y: fromY }, { x: toX, y: toY }, passed)
    return `<path d="${line}" fill="none" stroke="${taken ? '#626c79' : '#c9ced6'}"${taken ? '' : ' stroke-dasharray="4 4"'}/>`
  })
  const nodes = graph.nodes.map(({ id, name }, node) => {
    const x = places[node * 2] ?? 0
    const y = places[node * 2 + 1] ?? 0
    const state = progress.states[node] ?? 0
    const color = ink[state] ?? ink[0]
    return [
      `<rect x="${x}" y="${y}" width="${nodeSize.width}" height="${nodeSize.height}" rx="5" fill="#fff" stroke="${color}"/>`,
      `<rect x="${x}" y="${y}" width="4" height="${nodeSize.height}" fill="${color}"/>`,
      `<text x="${x + 12}" y="${y + 17}" font-size="12" font-weight="600">${nodeStateSigns[state] ?? ''} ${escapeText(short(id))}</text>`,
      `<text x="${x + 12}" y="${y + 32}" font-size="11" fill="#4d5663">${escapeText(short(name))}</text>`,
    ].join('')
  })
  const size = `width="${width + pad * 2}" height="${height + pad * 2}" viewBox="${-pad} ${-pad} ${width + pad * 2} ${height + pad * 2}"`
  const back = `<rect x="${-pad}" y="${-pad}" width="${width + pad * 2}" height="${height + pad * 2}" fill="#fff"/>`
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="system-ui, sans-serif"><title>${escapeText(run.workflow)}</title>${back}${edges.join('')}${nodes.join('')}</svg>`
}

/** The picture in pixels, twice as fine as the screen's where its size allows. */
export async function svgToPng(svg: string): Promise<Blob> {
  const image = new Image()
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`
  await image.decode()
  const scale = Math.min(2, largestSide / Math.max(image.width, image.height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(image.width * scale)
  canvas.height = Math.round(image.height * scale)
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height)
  return await new Promise((resolve, reject) => {
    canvas.toBlob(
      (blob) => (blob === null ? reject(new Error('the picture is too large for a PNG')) : resolve(blob)),
      'image/png',
    )
  })
}

function short(text: string): string {
  return text.length > 24 ? `${text.slice(0, 23)}…` : text
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
