import { cpSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { parseJson } from '../../json/parse.ts'
import { printCompact } from '../../json/print.ts'
import type { JsonObject } from '../../json/value.ts'
import {
  asArray,
  asObject,
  asText,
  describeWithReference,
  readReference,
  referenceFolder,
} from '../reference.fixture.ts'
import { load } from '../snapshot/load.ts'
import { fileStores } from '../stores/file-stores.ts'
import type { TraceSink } from '../trace/run-trace.ts'
import { traceIdFor } from '../trace/trace-id.ts'
import { readIsoDate } from '../transforms/iso-date.ts'
import { temporaryFolder } from '../workspace.fixture.ts'
import { fixedClock, labelledEntropy } from './clocks.ts'
import { runWorkflow } from './run-workflow.ts'
import { findWorkflow } from './walk.ts'

const comparable = ['reference-0.3.0', 'adapter-node-key']

/** A trace that is kept as text. */
class TextTrace implements TraceSink, Disposable {
  text = ''
  write(line: string): void {
    this.text += line
  }
  [Symbol.dispose](): void {
    this.write('')
  }
}

describeWithReference('runs recorded by the reference', () => {
  const golden = join(referenceFolder, 'golden')
  const names = existsSync(golden)
    ? readdirSync(golden)
        .filter((name) => statSync(join(golden, name)).isDirectory())
        .filter(isComparable)
    : []

  it.each(names)('repeat byte for byte: %s', async (name) => {
    using folder = temporaryFolder()
    const recorded = asObject(readReference('golden', name, 'case.json'))
    const before = join(golden, name, 'data_before')
    if (existsSync(before)) cpSync(before, folder.path, { recursive: true })
    for (const step of asArray(recorded.get('steps')).map(asObject)) {
      await expectStep(join(golden, name), step, asText(recorded.get('snapshot')), folder.path)
    }
  })

  function isComparable(name: string): boolean {
    const recorded = asObject(readReference('golden', name, 'case.json'))
    return (
      comparable.includes(asText(recorded.get('generation'))) && recorded.has('controlled') && !name.startsWith('z')
    )
  }

  async function expectStep(folder: string, step: JsonObject, snapshot: string, dataRoot: string): Promise<void> {
    const workflowName = asText(step.get('workflow'))
    const [domain = ''] = workflowName.split('::')
    const workspace = load(join(referenceFolder, 'snapshot', snapshot))
    const payload = parseJson(readFileSync(join(referenceFolder, asText(step.get('payload'))), 'utf8'))
    const wall = Number(readIsoDate(asText(step.get('wall_clock_utc'))))
    const clock = fixedClock({
      wallMicroseconds: wall,
      traceStartNanoseconds: BigInt(Number(step.get('mono_start_ns'))),
    })
    const traceId = traceIdFor(wall, domain, workflowName, payload)
    expect(asText(step.get('trace_written_to'))).toContain(`/${traceId}/${traceId}.jsonl`)
    const trace = new TextTrace()
    const nested = new Map<string, TextTrace>()
    const ports = {
      clock,
      entropy: labelledEntropy('pgs-fixture-entropy:'),
      stores: fileStores(dataRoot),
      mail: null,
      trace,
      openNestedTrace(number: number, code: string) {
        const opened = new TextTrace()
        nested.set(`${String(number).padStart(4, '0')}__${code}.jsonl`, opened)
        return opened
      },
    }
    const run = runWorkflow(findWorkflow(workspace.domain(domain), workflowName), payload, ports, {
      traceId,
      hopLimit: 64,
    })
    const status = step.get('status') ?? null
    if (status === null) await expect(run).rejects.toThrow()
    else expect((await run).status).toBe(status)
    if (step.has('output')) expect(printCompact((await run).surface)).toBe(printCompact(step.get('output') ?? null))
    const placed = (text: string): string => text.replaceAll(dataRoot, '<DATA_ROOT>')
    expect(placed(trace.text)).toBe(readFileSync(join(folder, asText(step.get('trace'))), 'utf8'))
    expectNested(folder, step, nested)
    expect(filesBelow(dataRoot)).toEqual(
      step.get('data_after') === null ? {} : filesBelow(join(folder, asText(step.get('data_after')))),
    )
  }

  function expectNested(folder: string, step: JsonObject, nested: ReadonlyMap<string, TextTrace>): void {
    const paths = step.has('nested_traces') ? asArray(step.get('nested_traces')).map(asText) : []
    expect([...nested.keys()]).toEqual(paths.map((path) => path.slice(path.lastIndexOf('/') + 1)))
    for (const path of paths) {
      expect(nested.get(path.slice(path.lastIndexOf('/') + 1))?.text).toBe(readFileSync(join(folder, path), 'utf8'))
    }
  }

  function filesBelow(root: string): Record<string, string> {
    if (!existsSync(root)) return {}
    const paths = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) =>
      statSync(join(root, path)).isFile(),
    )
    return Object.fromEntries(paths.sort().map((path) => [path, readFileSync(join(root, path), 'utf8')]))
  }
})
