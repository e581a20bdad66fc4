import { join } from 'node:path'
import { parseJson } from '../json/parse.ts'
import { EvidenceFile, evidencePathFor } from '../workflow/evidence/evidence-file.ts'
import { toPlain } from '../workflow/graph/plain-json.ts'
import { systemClock, systemEntropy } from '../workflow/run/clocks.ts'
import type { NestedRun, Recording } from '../workflow/run/recorded-walk.ts'
import { runWorkflow } from '../workflow/run/run-workflow.ts'
import { findWorkflow } from '../workflow/run/walk.ts'
import { declaredSecrets } from '../workflow/secrets/declared-secrets.ts'
import { Redactor } from '../workflow/secrets/redactor.ts'
import { load } from '../workflow/snapshot/load.ts'
import { fileStores } from '../workflow/stores/file-stores.ts'
import { stagedStores } from '../workflow/stores/staged-stores.ts'
import { defaultIndexFolder } from '../workflow/stores/store-index.ts'
import { TraceFile } from '../workflow/trace/trace-file.ts'
import { secretTransformFields } from '../workflow/transforms/secret-fields.ts'
import { leadSurroundings } from './lead-operation.ts'
import { type LeadResult, type SnapshotLeadRequest, tracePathIn } from './lead-request.ts'

/** Runs a workflow of a sealed snapshot inside the token that runs here: its contracts are walked in this thread. */
export async function leadSnapshot(request: SnapshotLeadRequest): Promise<LeadResult> {
  const { context } = leadSurroundings()
  const { workflow: name, workspace, dataRoot, payload, traceId, folder, transaction } = request
  const [domain = ''] = name.split('::')
  const workflow = findWorkflow(load(workspace).domain(domain), name)
  const declared = declaredSecrets(workspace)
  const secrets = [...secretTransformFields, ...declared]
  const shown = new Redactor(declared)
  const nestedPath = (number: number, code: string) =>
    join(folder, 'nested', `${String(number).padStart(4, '0')}__${code}.jsonl`)
  const recording: Recording = {
    secrets,
    token: context.token,
    open: (nested: NestedRun | null) =>
      new EvidenceFile(evidencePathFor(nested === null ? tracePathIn(folder) : nestedPath(nested.number, nested.code))),
  }
  using trace = new TraceFile(tracePathIn(folder))
  const files = fileStores(dataRoot, { indexFolder: defaultIndexFolder(process.env) })
  const staged = transaction ? stagedStores(files) : null
  const { status, surface } = await runWorkflow(
    workflow,
    parseJson(JSON.stringify(payload)),
    {
      ...{ clock: systemClock, entropy: systemEntropy, stores: staged ?? files, mail: null, trace, recording },
      openNestedTrace: (number, code) => new TraceFile(nestedPath(number, code)),
    },
    { traceId, signal: context.signal, ...(shown.active ? { traceRedactor: shown } : {}) },
  )
  if (['SUCCESS', 'ALREADY_EXISTS'].includes(status)) staged?.commit()
  return { status, result: toPlain(shown.object(surface)) }
}
