import { resolve } from 'node:path'
import { assertDefined } from '../../shared/assert.ts'
import { printCompact } from '../engine/json/print.ts'
import { type Divergence, type DivergenceSide, diff, type RunDiff } from '../engine/workflow/diff/diff.ts'
import { EvidenceReader } from '../engine/workflow/evidence/evidence-reader.ts'
import { type FieldDifference, shownValue } from '../engine/workflow/replay/compare-records.ts'
import { placeOfBreak } from '../engine/workflow/replay/finished-evidence.ts'
import { defineCommand } from './command.ts'
import { evidencePathFrom } from './evidence-argument.ts'
import { exitCodes } from './exit-code.ts'

export const diffCommand = defineCommand({
  name: 'diff',
  parameters: '<evidence> <evidence>',
  summary: 'Compare two workflow runs: where they first part, and why',
  details: [
    'Trace ids, times and places of work do not count. It ends with 0 when the runs are alike, with 1 when they differ.',
    'With --turns only answers and edges count, not the values that were worked on.',
  ],
  examples: ['guardhouse diff first.evidence.ndjson second.evidence.ndjson'],
  positionals: { least: 2, most: 2 },
  options: { turns: { type: 'boolean', help: 'Count only where the runs answer otherwise or go another way' } },
  async run({ options, positionals }, { terminal }) {
    const open = (index: number): EvidenceReader => {
      const given = assertDefined(positionals[index], 'the command line has checked that both are given')
      return new EvidenceReader(resolve(evidencePathFrom(given)))
    }
    using left = open(0)
    using right = open(1)
    for (const evidence of [left, right]) {
      const place = placeOfBreak(evidence)
      if (place !== null) terminal.note(`${place}: the run goes on there, and nothing behind it is compared`)
    }
    const found = diff(left, right)
    const differs = options.turns ? found.turn !== null : !found.same
    if (options.json) terminal.printJson(jsonOf(found, !differs))
    else terminal.print(linesOf(found, options.turns).join('\n'))
    return differs ? exitCodes.failed : exitCodes.ok
  },
})

function linesOf(found: RunDiff, turnsOnly: boolean): string[] {
  const { left, right, given, first, turn, same } = found
  const runs = [
    `A: ${left.run.workflow} \u2014 ${left.run.traceId}`,
    `B: ${right.run.workflow} \u2014 ${right.run.traceId}`,
  ]
  if (turnsOnly) return [...runs, ...(turn === null ? ['Same way'] : divergenceLines('They part', turn))]
  if (same) return [...runs, 'Same']
  const parts = given.flatMap((each) => [`Given otherwise: ${each.field}`, ...valueLines(each.left, each.right)])
  if (first !== null) parts.push(...divergenceLines('First difference', first))
  if (turn === null) parts.push('Both go the same way')
  else if (turn.field !== first?.field || turn.left.place !== first.left.place)
    parts.push(...divergenceLines('They part', turn))
  return [...runs, ...parts]
}

function divergenceLines(title: string, { field, left, right }: Divergence): string[] {
  const place = left.place === right.place ? left.place : `${left.place} / ${right.place}`
  return [
    `${title}: ${place}, ${field}`,
    ...valueLines(left.value, right.value),
    `  A because ${left.cause}`,
    `  B because ${right.cause}`,
  ]
}

function valueLines(left: FieldDifference['left'], right: FieldDifference['right']): string[] {
  return [`  A: ${shownValue(left)}`, `  B: ${shownValue(right)}`]
}

function jsonOf({ left, right, given, first, turn }: RunDiff, same: boolean): unknown {
  const shown = ({ place, value, cause }: DivergenceSide) => ({ place, value: printCompact(value), cause })
  const part = (each: Divergence | null) =>
    each === null ? null : { field: each.field, left: shown(each.left), right: shown(each.right) }
  return {
    same,
    left: left.run.traceId,
    right: right.run.traceId,
    given: given.map(({ field, ...values }) => ({
      field,
      left: printCompact(values.left),
      right: printCompact(values.right),
    })),
    first: part(first),
    turn: part(turn),
  }
}
