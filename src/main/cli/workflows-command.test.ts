import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../engine/workflow/workspace.fixture.ts'
import { CommandBench, RecordedTerminal } from './command.fixture.ts'
import { commands } from './commands.ts'

const words = `workflow: text.words
nodes:
  list: { operation: text.list, then: count }
  count: { operation: text.count, inputs: [$.results.list] }
`

/** A compatible trace of one contract. */
function traceOf(status: string): string {
  const event = (event_type: string, detail: object, ts_ns: number, more: object = {}) =>
    JSON.stringify({
      ...{ trace_schema_version: 'v0', trace_id: 'T', event_type, domain: 'shop', wf_addr: 1, cc_addr: null },
      ...{ step_addr: null, step_op: null, result_status: null, detail, ts_ns, ...more },
    })
  return [
    event('WF_START', { wf_fqdn: 'shop::WF_ORDER_V0', payload_keys: [] }, 1000),
    event('CC_START', { cc_fqdn: 'shop::CC_A_V0', inputs: {} }, 2000, { cc_addr: 2 }),
    event('CC_COMPLETE', { cc_fqdn: 'shop::CC_A_V0', output_keys: [] }, 3000, { cc_addr: 2, result_status: status }),
    event('WF_COMPLETE', { wf_fqdn: 'shop::WF_ORDER_V0' }, 4000, { result_status: status }),
    '',
  ].join('\n')
}

describe('guardhouse workflows', () => {
  let bench: CommandBench
  let folder: ReturnType<typeof temporaryFolder>

  beforeEach(() => {
    bench = new CommandBench(commands)
    folder = temporaryFolder()
  })

  afterEach(async () => {
    folder[Symbol.dispose]()
    await bench[Symbol.asyncDispose]()
  })

  async function run(...line: string[]) {
    bench.terminal = new RecordedTerminal()
    return await bench.run('workflows', ...line)
  }

  function file(name: string, text: string): string {
    const path = join(folder.path, name)
    writeFileSync(path, text)
    return path
  }

  it('check needs no host, prints the seal, and names file, line and column of what is wrong', async () => {
    const good = file('a.workflow.yaml', words)
    const cycle = file('b.workflow.yaml', words.replace('.list] }', '.list], then: list }'))
    const edge = file('c.workflow.yaml', words.replace('then: count', 'then: cuont'))
    expect(await run('check', good)).toMatchObject({
      code: 0,
      output: expect.stringContaining(': text.words, sealed as '),
    })
    const bad = await run('check', good, cycle, edge)
    expect(bad.code).toBe(1)
    expect(bad.errors).toContain(`${cycle}:4:67: the edges go round in a circle: list → count → list`)
    expect(bad.errors).toContain(`${edge}:3:39: edge success of node list leads to "cuont"`)
    const inJson = await run('check', edge, '--json')
    expect([inJson.code, JSON.parse(inJson.output).files[0].problems[0].line]).toEqual([1, 3])
    expect((await run('check')).code).toBe(2)
  })

  it('imports traces, lists them as runs, and compares them by exit code', async () => {
    await bench.serve()
    const first = await run('import', file('one.jsonl', traceOf('SUCCESS')))
    const second = await run('import', file('two.jsonl', traceOf('VIOLATION')))
    expect([first.code, second.code]).toEqual([0, 0])
    const [one, two] = [first.output.trim(), second.output.trim()]
    const listed = await run('runs')
    expect(listed.output).toContain('shop::WF_ORDER_V0')
    expect(listed.errors).toBe('shown 2 of 2 runs\n')
    expect(JSON.parse((await run('runs', '--limit', '1', '--json')).output)).toMatchObject({ kept: 2, matched: 2 })
    expect(await run('compare', one, one)).toMatchObject({ code: 0, output: 'the same in all 1 visits\n' })
    expect(await run('compare', one, two)).toMatchObject({
      code: 1,
      output: expect.stringContaining('first difference'),
    })
    expect(await run('stop', one)).toMatchObject({ code: 0, output: 'it had ended\n' })
    expect(await run('replay', one)).toMatchObject({
      code: 1,
      errors: expect.stringContaining('trace without evidence'),
    })
  })

  it('says what is wrong with what it is given', async () => {
    await bench.serve()
    expect(await run()).toMatchObject({ code: 0, errors: '0 workflows\n' })
    expect((await run('strat', 'x')).errors).toContain('did you mean start?')
    expect((await run('compare', 'x')).errors).toContain(
      'something is missing: guardhouse workflows compare <run> <run>',
    )
    expect((await run('start', 'nothing')).errors).toContain('there is no workflow "nothing"')
    expect((await run('start', 'x', '--payload', file('p.json', '[1]'))).errors).toContain('must hold a JSON object')
    expect((await run('stop', 'none')).errors).toContain('there is no run "none"')
    const cut = await run('import', file('cut.jsonl', traceOf('SUCCESS').slice(0, 40)))
    expect(cut).toMatchObject({ code: 2, errors: expect.stringContaining('cut.jsonl is no trace') })
    expect((await run('runs')).errors).toBe('shown 0 of 0 runs\n')
  })
})
