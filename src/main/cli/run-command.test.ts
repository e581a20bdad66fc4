import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseJson } from '../engine/json/parse.ts'
import { printCompact } from '../engine/json/print.ts'
import { isArray, isObject, type JsonObject, type JsonValue } from '../engine/json/value.ts'
import {
  asArray,
  asObject,
  asText,
  describeWithReference,
  readReference,
  readReferenceTable,
  referenceFolder,
} from '../engine/workflow/reference.fixture.ts'
import { temporaryFolder, writeText } from '../engine/workflow/workspace.fixture.ts'
import { RecordedTerminal, runCommand as runWords } from './command.fixture.ts'
import { examineCommand } from './examine-command.ts'
import { runCommand } from './run-command.ts'
import { fixedRun, shopWords, writeShop } from './workflow.fixture.ts'

const commands = [runCommand, examineCommand]
describe('guardhouse run', () => {
  it('runs a workflow, says how it ended, and writes trace and data', async () => {
    using folder = temporaryFolder()
    writeShop(folder.path)
    writeText(join(folder.path, 'order.json'), '{"v": 5.0}')
    const { code, output, errors } = await runWords(
      commands,
      shopWords(folder.path, '--payload', join(folder.path, 'order.json'), ...fixedRun),
    )
    expect([code, errors]).toEqual([0, ''])
    expect(output).toMatch(/^\[pgs_runtime\] Loading shop snapshot\.\.\.\n/)
    expect(output).toContain('\nStatus:     SUCCESS\n')
    const [traceId = ''] = readdirSync(join(folder.path, 'traces', 'shop', 'WF_ORDER_V0'))
    const trace = readFileSync(join(folder.path, 'traces', 'shop', 'WF_ORDER_V0', traceId, `${traceId}.jsonl`), 'utf8')
    expect(traceId).toMatch(/^20260101T000001000Z__WF_ORDER_V0__[0-9A-F]{4}$/)
    expect(trace.trimEnd().split('\n')).toHaveLength(8)
    expect(trace).toContain('"inputs":{"v":5.0}')
    expect(readFileSync(join(folder.path, 'data', 'names.json'), 'utf8')).toContain('"O_')
  })

  it.each(['shop::../../../out', 'shop::a/b', 'shop::..', '../shop::WF_ORDER_V0', '..::WF_ORDER_V0', 'shop::a\\b'])(
    'refuses %s, which would lead out of its folder, before anything is made',
    async (name) => {
      using folder = temporaryFolder()
      const workspace = join(folder.path, 'inner')
      writeShop(workspace)
      const words = shopWords(workspace, ...fixedRun).map((word) => (word === 'shop::WF_ORDER_V0' ? name : word))
      const { code, errors } = await runWords(commands, words)
      expect([code, errors]).toEqual([1, expect.stringMatching(/is a path, not a name/)])
      expect(readdirSync(folder.path)).toEqual(['inner'])
      expect(existsSync(join(workspace, 'traces'))).toBe(false)
    },
  )

  it.each([
    ['a list', '[1]', 'cannot convert dictionary update', 'payload.json has to be an object, not list'],
    ['cut', '{"v": 5', "Expecting ',' delimiter: line 1 column 8 (char 7)", 'payload.json'],
    ['not UTF-8', Buffer.from([0x22, 0xff, 0x22]), 'Not UTF-8: byte 0xff at position 1', 'payload.json'],
  ])(
    'tells people which file is meant when the payload is %s, and programs the words of the reference',
    async (...given) => {
      const [, content, words, place] = given
      using folder = temporaryFolder()
      writeShop(folder.path)
      const path = join(folder.path, 'payload.json')
      writeFileSync(path, content)
      const terminal = new RecordedTerminal()
      const line = shopWords(folder.path, '--payload', path, ...fixedRun)
      const program = await runWords(commands, line)
      terminal.interactive = true
      const person = await runWords(commands, line, {}, terminal)
      expect([program.code, person.code]).toEqual([1, 1])
      expect(program.errors).toContain(words)
      expect(program.errors.trimEnd().split('\n')).toHaveLength(1)
      expect(person.errors.startsWith(program.errors)).toBe(true)
      expect(person.errors.slice(program.errors.length)).toContain(place)
    },
  )

  it('answers with one JSON document when asked to', async () => {
    using folder = temporaryFolder()
    writeShop(folder.path)
    const { code, output } = await runWords(commands, shopWords(folder.path, '--json', ...fixedRun))
    expect([code, JSON.parse(output)]).toMatchObject([0, { status: 'SUCCESS', output: { done: true } }])
  })

  it.each([
    ['without a workflow', ['run'], 2],
    ['with an option that does not exist', ['run', '--wf', 'a::B', '--nothing', 'x'], 2],
    ['with a clock that is none', ['run', '--wf', 'a::B', '--fixed-clock', 'noon'], 2],
    ['with a start that is no number', ['run', '--wf', 'a::B', '--mono-start-ns', 'x'], 2],
    ['with a limit of nodes that is none', ['run', '--wf', 'a::B', '--hop-limit', '0'], 2],
    ['with a limit that is none', ['run', '--wf', 'a::B', '--time-limit', '0'], 2],
    ['with a name without a domain', ['run', '--wf', 'B'], 1],
    ['without a data root', ['run', '--wf', 'a::B'], 1],
    [
      'with a payload that is not there',
      ['run', '--wf', 'a::B', '--data-root', '/nowhere', '--workspace', '/nowhere', '--payload', '/nowhere/p'],
      1,
    ],
  ])('refuses a command line %s', async (_, words, code) => {
    expect((await runWords(commands, words)).code).toBe(code)
  })

  it('lets an intent refuse a run only when told to enforce what is declared', async () => {
    using folder = temporaryFolder()
    writeShop(folder.path)
    const intent = join(folder.path, 'protocol_snapshot', 'artifacts', 'intents', 'shop__IN_ORDER_V0.json')
    writeText(intent, '{"frontmatter": {"core": {"inputs": {"v": {"required": true}}}}}')
    expect((await runWords(commands, shopWords(folder.path))).code).toBe(0)
    const refused = await runWords(commands, shopWords(folder.path, '--enforce'))
    expect(refused).toMatchObject({ code: 1, output: expect.stringContaining('Status:     NACK') })
  })

  it('writes summary and pictures beside the trace, and exports them later from trace or evidence', async () => {
    using folder = temporaryFolder()
    writeShop(folder.path)
    expect((await runWords(commands, shopWords(folder.path, '--md', '--svg', '--png'))).code).toBe(0)
    const [run = ''] = readdirSync(join(folder.path, 'traces', 'shop', 'WF_ORDER_V0'))
    const traces = join(folder.path, 'traces', 'shop', 'WF_ORDER_V0', run)
    const endings = readdirSync(traces).map((name) => name.slice(name.indexOf('.') + 1))
    expect(endings.sort()).toEqual(['evidence.ndjson', 'jsonl', 'md', 'png', 'svg'])
    const svg = readFileSync(join(traces, `${run}.svg`), 'utf8')
    expect([svg.match(/#ffcccc/g)?.length, svg.match(/stroke-width="3"/g)?.length]).toEqual([3, 2])
    const summary = readFileSync(join(traces, `${run}.md`), 'utf8')
    expect(summary).toContain('- **Status**: SUCCESS\n')
    expect(summary).toMatch(
      /DISPATCH \u2192 shop::CC_ID_V0\n\d+\. s: CT_ID_V0 \u2192 SUCCESS\n\d+\. CC_ID_V0 \u2192 SUCCESS /,
    )
    expect(summary).not.toContain('## Failure Point')
    const out = join(folder.path, 'out.md')
    for (const ending of ['jsonl', 'evidence.ndjson']) {
      const words = ['examine', join(traces, `${run}.${ending}`), '--export', 'md', '--out', out]
      expect((await runWords(commands, words)).code).toBe(0)
      expect(readFileSync(out, 'utf8')).toBe(readFileSync(join(traces, `${run}.md`), 'utf8'))
      expect((await runWords(commands, ['examine', join(traces, `${run}.${ending}`)])).output).toContain(
        'no structural failures',
      )
    }
    expect((await runWords(commands, ['examine', out, '--export', 'gif'])).code).toBe(2)
    rmSync(join(folder.path, 'traces'), { recursive: true })
    const table = join(folder.path, 'tokenized_snapshot', 'shop', 'dispatch.json')
    writeText(table, readFileSync(table, 'utf8').replace('"O"', '7'))
    expect((await runWords(commands, shopWords(folder.path, '--md'))).code).toBe(1)
    const failed = readdirSync(join(folder.path, 'traces'), { recursive: true, encoding: 'utf8' })
    const path = failed.find((each) => each.endsWith('.md')) ?? 'none'
    expect(readFileSync(join(folder.path, 'traces', path), 'utf8')).toMatch(
      /## Failure Point\n\n.*\n- \*\*Reason\*\*: .*prefix must be string/,
    )
  })

  it('stops at as many nodes as it is told', async () => {
    using folder = temporaryFolder()
    writeShop(folder.path)
    expect((await runWords(commands, shopWords(folder.path, '--hop-limit', '2'))).errors).toContain(
      'exceeded 2 topology',
    )
    expect((await runWords(commands, shopWords(folder.path, '--hop-limit', 'none'))).code).toBe(0)
  })

  it('keeps all of a run that succeeds and nothing of another, when it is asked to', async () => {
    using folder = temporaryFolder()
    writeShop(folder.path)
    const names = join(folder.path, 'data', 'names.json')
    expect((await runWords(commands, shopWords(folder.path, '--transaction'))).code).toBe(0)
    expect(readFileSync(names, 'utf8')).toContain('"O_')
    rmSync(names)
    const table = join(folder.path, 'tokenized_snapshot', 'shop', 'dispatch.json')
    // The second contract stores something, then fails.
    const late = JSON.parse(readFileSync(table, 'utf8'))
    late.pipeline[3].push({ addr: 4, op: null, step_id: 'v', inputs: { prefix: 7 }, outputs: {}, on_result: null })
    writeText(table, JSON.stringify(late))
    const kept = await runWords(commands, shopWords(folder.path, '--transaction'))
    expect(kept).toMatchObject({ code: 1, errors: 'Rolled back: 1 changed stores are as they were\n' })
    expect(existsSync(names)).toBe(false)
    expect((await runWords(commands, shopWords(folder.path))).code).toBe(1)
    expect(existsSync(names)).toBe(true)
  })

  it('leaves out of trace, evidence and output what is declared to be secret', async () => {
    using folder = temporaryFolder()
    writeShop(folder.path)
    writeText(join(folder.path, 'order.json'), '{"v": {"card": "4111-1111"}}')
    const words = shopWords(folder.path, '--payload', join(folder.path, 'order.json'))
    const pathsWritten = (): string[] =>
      readdirSync(join(folder.path, 'traces'), { recursive: true, encoding: 'utf8' })
        .filter((path) => /\.(jsonl|ndjson)$/.test(path))
        .map((path) => join(folder.path, 'traces', path))
    const written = (): string =>
      pathsWritten()
        .map((path) => readFileSync(path, 'utf8'))
        .join('')
    const { output } = await runWords(commands, [...words, '--redact', 'card', '--redact', 'done'])
    expect(output).toMatch(/Output: .*"done":"\[redacted #\d\]"/)
    expect(written()).toContain('"card":"[redacted #1]"')
    expect(written()).not.toContain('4111-1111')
    writeText(join(folder.path, 'redaction.json'), '{"secrets": ["v.card"]}')
    await runWords(commands, words)
    expect(written()).not.toContain('4111-1111')
    writeText(join(folder.path, 'redaction.json'), '{"secrets": []}')
    writeText(join(folder.path, 'order.json'), '{"v": {"mnemonic": "able about above"}}')
    for (const [option, holding] of [
      [[], ['.jsonl']],
      [['--record-secrets'], ['.evidence.ndjson', '.jsonl']],
    ] as const) {
      rmSync(join(folder.path, 'traces'), { recursive: true })
      await runWords(commands, [...words, ...option])
      const holders = pathsWritten().filter((path) => readFileSync(path, 'utf8').includes('able about above'))
      expect(holders.map((path) => path.slice(path.lastIndexOf('__')).replace(/^[^.]*/, '')).sort()).toEqual(holding)
    }
    writeText(join(folder.path, 'redaction.json'), '{"secrets": "v"}')
    expect((await runWords(commands, words)).errors).toContain('redaction.json has to hold')
  })

  it.each<[string, 'dispatch' | 'handlers', (text: string) => string, string | RegExp]>([
    [
      'a capability that nobody implements',
      'handlers',
      (text) => text.replace(/[a-z_.]*CS_NAME_REGISTRY_V0\.runtime/, 'some.CS_OTHER_V0.runtime'),
      "Runtime error: No module named 'some'",
    ],
    [
      'a store outside of the data root',
      'handlers',
      (text) => text.replace('{{module_data_root}}/names.json', '{{module_data_root}}/../names.json'),
      /A store may not lie outside of the data root: .*\/names\.json, by rb_policy\.6\.5 in .*handlers\.json/,
    ],
    ['a snapshot that was cut off', 'handlers', (text) => text.slice(0, -20), 'handlers.json'],
    [
      'a snapshot that was edited badly',
      'dispatch',
      (text) => text.replace('"start": 1', '"start": []'),
      'entry.0.start',
    ],
  ])('ends with 1 at %s, says where, and leaves no data', async (_, part, edit, message) => {
    using folder = temporaryFolder()
    writeShop(folder.path)
    const table = join(folder.path, 'tokenized_snapshot', 'shop', `${part}.json`)
    writeText(table, edit(readFileSync(table, 'utf8')))
    const { code, errors } = await runWords(commands, shopWords(folder.path))
    expect([code, errors]).toEqual([1, expect.stringMatching(message)])
    expect(existsSync(join(folder.path, 'data', 'names.json'))).toBe(false)
    expect(existsSync(join(folder.path, 'names.json'))).toBe(false)
  })

  it('examines no trace that was cut in the middle of a line, and names file and line', async () => {
    using folder = temporaryFolder()
    writeShop(folder.path)
    await runWords(commands, shopWords(folder.path))
    const traces = join(folder.path, 'traces', 'shop', 'WF_ORDER_V0')
    const [run = ''] = readdirSync(traces)
    for (const ending of ['jsonl', 'evidence.ndjson']) {
      const path = join(traces, run, `${run}.${ending}`)
      writeText(path, readFileSync(path, 'utf8').slice(0, -30))
      const { code, errors } = await runWords(commands, ['examine', path])
      expect([code, errors]).toEqual([1, expect.stringMatching(/line \d+/i)])
      expect(errors).toContain(path)
    }
  })

  it('runs strictly only what was sealed', async () => {
    using folder = temporaryFolder()
    writeShop(folder.path)
    expect((await runWords(commands, shopWords(folder.path, '--strict'))).errors).toContain('is not sealed')
    expect((await runWords(commands, shopWords(folder.path, '--strict', '--seal'))).code).toBe(0)
    const handlers = join(folder.path, 'tokenized_snapshot', 'shop', 'handlers.json')
    writeText(handlers, `${readFileSync(handlers, 'utf8')} `)
    expect(await runWords(commands, shopWords(folder.path, '--strict'))).toMatchObject({
      code: 1,
      errors: expect.stringContaining(handlers),
    })
    expect((await runWords(commands, shopWords(folder.path))).code).toBe(0)
  })
})

describeWithReference('command lines recorded by the reference', () => {
  const { note, cases } = readReferenceTable('golden', 'cli-and-loader.json')
  const base = asObject(note.get('base_workspace'))
  // The reference dies on these tables with a trace of its own code; ours reads the newer dialect and names what is missing.
  const ownWords = ['routing-target-object', 'no-command', 'examine-no-arg', 'payload-not-json', 'examine-own-trace']

  it.each(cases.map((each) => [asText(each.get('id')), each] as const))('end alike: %s', async (id, recorded) => {
    using folder = temporaryFolder()
    const workspace = join(folder.path, 'workspace')
    const dataRoot = join(folder.path, 'data')
    writeWorkspace(workspace, recorded)
    writeText(join(folder.path, 'payload.json'), asText(recorded.get('payload_text')))
    const placed = (text: string): string =>
      text
        .replaceAll('<WORKSPACE>', workspace)
        .replaceAll('<DATA_ROOT>', dataRoot)
        .replaceAll('<PAYLOAD>', join(folder.path, 'payload.json'))
    const words = asArray(recorded.get('args')).map((word) => placed(asText(word)))
    const environment = Object.fromEntries(
      [...(recorded.has('env') ? asObject(recorded.get('env')) : [])].map(([name, value]) => [
        name,
        placed(asText(value)),
      ]),
    )
    const { code, output, errors } = await runWords(
      commands,
      words[0] === 'run' ? [...words, ...fixedRun] : words,
      environment,
    )
    expect(code).toBe(recorded.get('exit_code'))
    if (!ownWords.includes(id)) expect(errors).toBe(linesOf(recorded.get('stderr'), placed))
    if (recorded.get('exit_code') !== 2 && id !== 'examine-own-trace')
      expect(output).toBe(linesOf(recorded.get('stdout'), placed))
    if (recorded.has('traces')) expectTraces(workspace, asObject(recorded.get('traces')))
    for (const [path, text] of recorded.has('data_after') ? asObject(recorded.get('data_after')) : []) {
      expect(readFileSync(join(dataRoot, path), 'utf8')).toBe(text)
    }
  })

  function writeWorkspace(workspace: string, recorded: JsonObject): void {
    for (const [path, content] of base) writeText(join(workspace, path), printCompact(content))
    const files = recorded.has('workspace_files') ? asObject(recorded.get('workspace_files')) : []
    for (const [path, text] of files) writeText(join(workspace, path), asText(text))
    for (const edit of recorded.has('workspace_edits') ? asArray(recorded.get('workspace_edits')) : []) {
      const [path, content] = asArray(edit)
      const target = join(workspace, asText(path))
      if (content === null || content === undefined) rmSync(target)
      else if (typeof content === 'string' && content.startsWith('RAW:')) writeText(target, content.slice(4))
      else writeText(target, printCompact(content))
    }
  }

  function linesOf(lines: JsonValue | undefined, placed: (text: string) => string): string {
    return asArray(lines)
      .map((each) => `${placed(asText(each))}\n`)
      .join('')
  }

  function expectTraces(workspace: string, traces: JsonObject): void {
    for (const [path, events] of traces) {
      if (!isArray(events)) {
        expect(readdirSync(join(workspace, path))).toEqual([])
        continue
      }
      const written = readFileSync(join(workspace, path), 'utf8').trimEnd().split('\n').map(parseJson)
      expect(written.map(printCompact)).toEqual(events.filter(isObject).map(printCompact))
    }
  }
})

describeWithReference('runs recorded by the reference, from the command line', () => {
  it.each([
    'a02-register-actor-repeat',
    'c07-provision-reclaim-reclaim',
    'f02-submit-transaction-bad-address',
    'i01-registry-corrupt',
  ])('print and end alike: %s', async (name) => {
    using folder = temporaryFolder()
    const recorded = asObject(readReference('golden', name, 'case.json'))
    const workspace = join(folder.path, 'workspace')
    const dataRoot = join(folder.path, 'data')
    cpSync(join(referenceFolder, 'snapshot', asText(recorded.get('snapshot'))), workspace, { recursive: true })
    const before = join(referenceFolder, 'golden', name, 'data_before')
    if (existsSync(before) && statSync(before).isDirectory()) cpSync(before, dataRoot, { recursive: true })
    for (const step of asArray(recorded.get('steps')).map(asObject)) {
      const { code, output } = await runWords(commands, [
        ...[
          'run',
          '--wf',
          asText(step.get('workflow')),
          '--payload',
          join(referenceFolder, asText(step.get('payload'))),
        ],
        ...['--data-root', dataRoot, '--workspace', workspace, '--fixed-clock', asText(step.get('wall_clock_utc'))],
        ...['--mono-start-ns', String(step.get('mono_start_ns')), '--entropy-label', 'pgs-fixture-entropy:'],
      ])
      expect(code).toBe(step.get('exit_code'))
      const lines = asArray(step.get('stdout')).map((each) => asText(each).replaceAll('<WORKSPACE>', workspace))
      expect(output).toBe(`${lines.join('\n')}\n`)
    }
  })
})
