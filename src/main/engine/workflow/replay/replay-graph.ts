import { setImmediate as nextTurn } from 'node:timers/promises'
import type { SealedGraph } from '../../../../shared/model/workflow-graph.ts'
import type { EvidenceLine, EvidenceLines } from '../evidence/evidence-reader.ts'
import type { RunRecord, StepRecord } from '../evidence/evidence-record.ts'
import { toPlain } from '../graph/plain-json.ts'
import { sealOf } from '../graph/seal-of.ts'
import { walkGraph } from '../graph/walk-graph.ts'
import { earlier, firstForged, type ReplayReport, requireWalkable } from './finished-evidence.ts'
import { RecordedCalls } from './recorded-calls.ts'
import type { ReplayDifference } from './recorded-world.ts'

/**
 * Walks a run of a graph again: every operation answers what it answered then, in the order of then, and none is run.
 * Reports the first record that does not come about again as it was. Throws as `replay` does.
 */
export async function replayGraph(evidence: EvidenceLines, graph: SealedGraph): Promise<ReplayReport> {
  const { run, brokenOff } = requireWalkable(evidence)
  const lines = [...evidence.all()]
  const walk = await walkAgain(graph, run, lines, 'killed')
  // Who stopped a run from outside left no record of when. It is tried at the latest moment first, then at the earliest.
  const sooner = walk.difference !== null && !walk.failedByItself && stopOf(lines) !== null
  const again = sooner ? await walkAgain(graph, run, lines, 'begun') : walk
  const difference = again.difference === null ? null : walk.difference
  return {
    run,
    difference: earlier(difference, firstForged(evidence)),
    records: evidence.length,
    withheld: 0,
    brokenOff,
    changedFiles: sealOf(graph) === run.source.hash ? [] : [`the graph of ${graph.name}`],
  }
}

interface WalkedAgain {
  readonly difference: ReplayDifference | null
  /** An operation failed and no edge led on. */
  readonly failedByItself: boolean
}

/** `stopAt`: a run that was stopped is stopped once what runs was killed, or once all that was begun is begun. */
async function walkAgain(
  graph: SealedGraph,
  run: RunRecord,
  lines: readonly EvidenceLine[],
  stopAt: 'killed' | 'begun',
): Promise<WalkedAgain> {
  const calls = new RecordedCalls(lines)
  const stop = new AbortController()
  const walk = failureOf(graph, run, calls, stop.signal)
  const end = stopOf(lines)
  for (const step of calls.steps) {
    // The walk goes on as far as it can before the next operation answers.
    await nextTurn()
    if (end !== null && calls.allBegun && (stopAt === 'begun' || wasKilled(step))) stop.abort(end)
    calls.answer(step)
  }
  await nextTurn()
  stop.abort(end ?? new Error('the run went on then'))
  calls.close()
  const failure = await walk
  return { difference: calls.difference(), failedByItself: failure !== null && failure !== stop.signal.reason }
}

/** With what a run was stopped; null when it was not. */
function stopOf(lines: readonly EvidenceLine[]): Error | null {
  const last = lines.at(-1)?.record
  return last?.kind === 'end' && last.ending === 'stopped' ? new Error(last.error ?? '') : null
}

/** Why the walk did not come to its end; null when it did. The last record says whether that is as it was. */
async function failureOf(
  graph: SealedGraph,
  run: RunRecord,
  calls: RecordedCalls,
  signal: AbortSignal,
): Promise<unknown> {
  const ports = {
    clock: { wallMicroseconds: () => run.wall, traceNanoseconds: () => 0n, elapsedMilliseconds: () => 0 },
    evidence: calls,
    trace: { write: () => undefined },
    call: calls.call.bind(calls),
    itemsOf: calls.itemsOf.bind(calls),
  }
  const names = { traceId: run.traceId, hash: run.source.hash, files: run.source.files, token: run.token, signal }
  try {
    // What a secret was left out of may not be as it is declared any more; it was when the run began.
    await walkGraph({ ...graph, payload: null }, toPlain(run.payload), ports, names)
    return null
  } catch (error) {
    return error
  }
}

function wasKilled({ outcome, answer }: StepRecord): boolean {
  const kind = outcome !== 'SUCCESS' && answer instanceof Map ? answer.get('kind') : null
  return kind === 'killed' || kind === 'timeout' || kind === 'stopped'
}
