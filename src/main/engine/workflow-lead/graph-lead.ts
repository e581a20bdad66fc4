import { readFile } from 'node:fs/promises'
import { type ErrorData, GuardhouseError, toErrorData } from '../../../shared/errors.ts'
import type { OperationRuntime, RuntimeToken } from '../../../shared/model/runtime.ts'
import type { SealedGraph } from '../../../shared/model/workflow-graph.ts'
import { integer } from '../json/value.ts'
import { EvidenceFile, evidencePathFor } from '../workflow/evidence/evidence-file.ts'
import type { Whereabouts } from '../workflow/evidence/evidence-record.ts'
import { EvidenceWriter } from '../workflow/evidence/evidence-writer.ts'
import type { CallAnswer } from '../workflow/graph/graph-record.ts'
import { secretsOfGraph } from '../workflow/graph/graph-secrets.ts'
import { sealOf } from '../workflow/graph/seal-of.ts'
import { type GraphCall, walkGraph } from '../workflow/graph/walk-graph.ts'
import { systemClock } from '../workflow/run/clocks.ts'
import { TraceFile } from '../workflow/trace/trace-file.ts'
import { leadSurroundings } from './lead-operation.ts'
import { type GraphLeadRequest, graphPathIn, type LeadResult, payloadPathIn, tracePathIn } from './lead-request.ts'

/** How long what was recorded may stay unwritten while nothing else happens: whoever watches reads the file. */
const flushMilliseconds = 50

/** Runs a graph with every call of an operation as a child token of the token that runs here. */
export async function leadGraph(request: GraphLeadRequest): Promise<LeadResult> {
  const { hash, traceId, folder, files } = request
  const { runtime, context } = leadSurroundings()
  const graph = await readSealed(graphPathIn(folder), hash)
  const payload = request.payload ?? JSON.parse(await readFile(payloadPathIn(folder), 'utf8'))
  const secret = secretsOfGraph(graph).length > 0
  using trace = new TraceFile(tracePathIn(folder))
  using evidence = new EvidenceFile(evidencePathFor(tracePathIn(folder)))
  const flush = setInterval(() => evidence.flush(), flushMilliseconds)
  try {
    const writer = new EvidenceWriter(evidence)
    const ports = {
      clock: systemClock,
      evidence: writer,
      trace,
      call: (call: GraphCall) => callAsChild(runtime, call, secret),
    }
    const onProgress = (left: number, newest: string) =>
      context.progress(left / graph.nodes.length, `${left} of ${graph.nodes.length} nodes, ${newest}`)
    const names = { traceId, hash, files, token: context.token }
    const outcome = await walkGraph(graph, payload, ports, { ...names, signal: context.signal, onProgress })
    evidence.commit()
    return outcome
  } catch (error) {
    // It ends with why the run was stopped, and is as whole as any other.
    evidence.commit()
    throw error
  } finally {
    clearInterval(flush)
  }
}

/** Throws `not-allowed` for a graph that is not the one that was accepted. */
async function readSealed(path: string, hash: string): Promise<SealedGraph> {
  const graph = JSON.parse(await readFile(path, 'utf8')) as SealedGraph
  if (sealOf(graph) === hash) return graph
  throw new GuardhouseError('not-allowed', `${path} is not what was sealed when the run was started`, {
    hint: 'Start the run again.',
  })
}

async function callAsChild(runtime: OperationRuntime, call: GraphCall, secret: boolean): Promise<CallAnswer> {
  const { operation: operationType, arguments: values, timeout, signal } = call
  const limits = timeout === null ? {} : { timeout }
  const token = runtime.submit({ operationType, arguments: values, secret, ...limits })
  const kill = () => void token.kill('the run was stopped').catch(alreadyGone)
  signal.addEventListener('abort', kill)
  try {
    const value = await token.outcome
    return { value, error: null, ran: whereabouts(token) }
  } catch (error) {
    return { value: null, error: toErrorData(error), ran: whereabouts(token) }
  } finally {
    signal.removeEventListener('abort', kill)
  }
}

/** A child that was refused, or has ended meanwhile, cannot be killed and need not be. */
function alreadyGone(error: unknown): ErrorData {
  return toErrorData(error)
}

function whereabouts(token: RuntimeToken): Whereabouts | null {
  const run = token.run?.() ?? null
  if (run === null) return null
  const { id, core, worker, started, ended } = run
  return { token: id, core, worker, started: integer(started), ended: integer(ended) }
}
