import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { assertDefined } from '../../shared/assert.ts'
import type { SealedGraph } from '../../shared/model/workflow-graph.ts'
import { EvidenceReader } from '../engine/workflow/evidence/evidence-reader.ts'
import { nodesByVisit, placeOf } from '../engine/workflow/evidence/place.ts'
import { shownValue } from '../engine/workflow/replay/compare-records.ts'
import type { ReplayReport } from '../engine/workflow/replay/finished-evidence.ts'
import { defineCommand } from './command.ts'
import { evidencePathFrom, workspaceAbove } from './evidence-argument.ts'
import { exitCodes } from './exit-code.ts'

export const replayCommand = defineCommand({
  name: 'replay',
  parameters: '<evidence>',
  summary: 'Walk a workflow run again from its evidence, and name the first step that comes out differently',
  details: [
    'Clock, randomness and the answers of side effects are those of the run: nothing is read from its data, nothing is',
    'written. It ends with 0 when everything comes out alike, and with 1 when something differs or was changed. The graph',
    'of a workflow of your own is kept beside its evidence, the snapshot of another is found above it.',
  ],
  examples: ['guardhouse replay traces/shop/WF_ORDER_V0/<id>/<id>.evidence.ndjson'],
  positionals: { least: 1, most: 1 },
  options: {
    workspace: { type: 'string', value: 'PATH', help: 'Folder of the snapshots; left out: found above the evidence' },
  },
  async run({ options, positionals }, { terminal }) {
    const given = assertDefined(positionals[0], 'the command line has checked that one is given')
    const path = resolve(evidencePathFrom(given))
    using reader = new EvidenceReader(path)
    const report = await replayIn(path, options.workspace, reader)
    if (options.json) terminal.printJson(jsonOf(report, reader))
    else terminal.print(linesOf(report, reader).join('\n'))
    return report.difference === null ? exitCodes.ok : exitCodes.failed
  },
})

async function replayIn(path: string, workspace: string | undefined, reader: EvidenceReader): Promise<ReplayReport> {
  // The engine with its curves and word lists is loaded only by who walks something.
  const { replayRun } = await import('../engine/workflow/replay/replay-run.ts')
  const graph = graphBeside(path)
  return await replayRun(reader, {
    graph,
    workspace: graph === null ? resolve(workspace ?? workspaceAbove(path)) : null,
  })
}

/** The graph of a run of one's own, which is kept beside its evidence; null for a run of a snapshot. */
function graphBeside(path: string): SealedGraph | null {
  const file = join(dirname(path), 'graph.json')
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as SealedGraph) : null
}

function linesOf(report: ReplayReport, reader: EvidenceReader): string[] {
  const { run, difference, records, withheld, brokenOff, changedFiles } = report
  const subject = `${run.workflow} \u2014 ${run.traceId}`
  const changed = changedFiles.map((file) => `Not as it was:  ${file}`)
  const left = withheld === 0 ? [] : [`Not walked:     ${withheld} steps, whose secrets are not recorded`]
  if (brokenOff) left.push(`Broken off:     behind line ${reader.length}; what the run did then is not recorded`)
  if (difference === null) return [`Same: ${subject} \u2014 ${records} records`, ...left, ...changed]
  return [
    `Differs: ${subject}`,
    `Line:           ${difference.line + 1} of ${reader.path}`,
    `Place:          ${placeOf(difference.record, nodesOf(reader))}`,
    `Field:          ${difference.field}`,
    ...(difference.field === 'chain'
      ? []
      : [`Recorded:       ${shownValue(difference.left)}`, `Replayed:       ${shownValue(difference.right)}`]),
    `Reason:         ${difference.reason}`,
    ...left,
    ...changed,
  ]
}

function jsonOf({ run, difference, ...rest }: ReplayReport, reader: EvidenceReader): unknown {
  const found = difference === null ? null : { ...difference, line: difference.line + 1, record: undefined }
  const place = difference === null ? null : placeOf(difference.record, nodesOf(reader))
  const shown = difference === null ? null : { left: shownValue(difference.left), right: shownValue(difference.right) }
  const { workflow, traceId } = run
  return { workflow, traceId, same: difference === null, difference: found && { ...found, ...shown, place }, ...rest }
}

function nodesOf(reader: EvidenceReader): ReturnType<typeof nodesByVisit> {
  return nodesByVisit([...reader.all()].map(({ record }) => record))
}
