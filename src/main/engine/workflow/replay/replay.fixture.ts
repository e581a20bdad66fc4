import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { JsonValue } from '../../json/value.ts'
import { EvidenceFile } from '../evidence/evidence-file.ts'
import { EvidenceReader } from '../evidence/evidence-reader.ts'
import type { EvidenceRecord, RunRecord } from '../evidence/evidence-record.ts'
import { EvidenceWriter } from '../evidence/evidence-writer.ts'
import type { Clock, Entropy } from '../ports.ts'
import type { Recording } from '../run/recorded-walk.ts'
import { type RunSettings, runWorkflow } from '../run/run-workflow.ts'
import { findWorkflow, type Workflow } from '../run/walk.ts'
import { load } from '../snapshot/load.ts'
import { fileStores } from '../stores/file-stores.ts'
import type { ReplayReport } from './finished-evidence.ts'
import { replay } from './replay.ts'

/** For tests: runs a workflow with its evidence in a folder, one file for the run and one for each nested run. */
export interface RunToRecord {
  readonly folder: string
  readonly workflow: Workflow
  readonly payload: JsonValue
  readonly clock: Clock
  readonly entropy: Entropy
  readonly dataRoot: string
  readonly secrets?: readonly string[]
  readonly settings?: Partial<RunSettings>
}

/** Returns the paths of all evidences, that of the run itself last. A run that is stopped is recorded as well. */
export async function recordRun({
  folder,
  workflow,
  payload,
  clock,
  entropy,
  ...more
}: RunToRecord): Promise<string[]> {
  const paths: string[] = []
  const recording: Recording = {
    secrets: more.secrets ?? [],
    open(nested) {
      const path = join(folder, `${nested === null ? 'run' : `${nested.number}-${nested.code}`}.evidence.ndjson`)
      paths.push(path)
      return new EvidenceFile(path)
    },
  }
  const ports = {
    ...{ clock, entropy, stores: fileStores(more.dataRoot), mail: null, recording },
    trace: { write: () => undefined },
    openNestedTrace: () => ({ write: () => undefined, [Symbol.dispose]: () => undefined }),
  }
  await runWorkflow(workflow, payload, ports, { traceId: 'T', ...more.settings }).catch(() => undefined)
  return paths
}

export async function replayFile(path: string, workspace: string): Promise<ReplayReport> {
  using reader = new EvidenceReader(path)
  const loaded = load(workspace)
  return await replay(reader, ({ domain, workflow }: RunRecord) => findWorkflow(loaded.domain(domain), workflow))
}

export function recordsOf(path: string): EvidenceRecord[] {
  using reader = new EvidenceReader(path)
  return [...reader.all()].map(({ record }) => record)
}

/** Writes an evidence anew with one record changed, and all links made to fit: the hand of somebody who knows the format. */
export function forge(path: string, line: number, change: (record: EvidenceRecord) => EvidenceRecord): string {
  const forged = path.replace('.evidence', `-forged-${line}.evidence`)
  let text = ''
  const writer = new EvidenceWriter({
    write: (written) => {
      text += written
    },
  })
  for (const [index, record] of recordsOf(path).entries()) writer.write(index === line ? change(record) : record)
  writeFileSync(forged, text)
  return forged
}

/** Changes the text of one line, and leaves its link as it was. */
export function tamper(path: string, line: number, change: (text: string) => string): string {
  const tampered = path.replace('.evidence', `-tampered-${line}.evidence`)
  const lines = readFileSync(path, 'utf8').split('\n')
  writeFileSync(tampered, lines.map((text, index) => (index === line ? change(text) : text)).join('\n'))
  return tampered
}
