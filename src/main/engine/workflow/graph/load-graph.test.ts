import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../workspace.fixture.ts'
import { readGraphFile } from './graph-files.ts'
import { loadGraph } from './load-graph.ts'

const operations = ['text.list', 'text.count', 'text.report']

function problemsOf(text: string): string[] {
  return loadGraph(text, operations).problems.map(
    ({ line, column, message, hint }) => `${line}:${column} ${message}${hint === null ? '' : ` | ${hint}`}`,
  )
}

const good = `workflow: text.words
payload:
  folder: { type: text, required: true }
nodes:
  list:
    operation: text.list
    inputs: [$.payload.folder]
    then: [count, letters]
  count: { operation: text.count, inputs: [$.results.list.files], then: report }
  letters: { operation: text.count, inputs: [$.results.list.files], next: { success: report, failure: report } }
  report:
    operation: text.report
    inputs: { words: $.results.count, letters: $.results.letters }
`

describe('a workflow file', () => {
  it('is sealed with the same hash, whatever its blanks, comments and language', () => {
    const yaml = loadGraph(good, operations)
    const json = loadGraph(
      JSON.stringify({
        nodes: {
          list: { operation: 'text.list', inputs: ['$.payload.folder'], next: { success: ['count', 'letters'] } },
          count: { operation: 'text.count', inputs: ['$.results.list.files'], next: { success: ['report'] } },
          letters: {
            operation: 'text.count',
            inputs: ['$.results.list.files'],
            next: { success: 'report', failure: 'report' },
          },
          report: { operation: 'text.report', inputs: [{ words: '$.results.count', letters: '$.results.letters' }] },
        },
        workflow: 'text.words',
        payload: { folder: { required: true, type: 'text' } },
      }),
      operations,
    )
    expect(yaml.problems).toEqual([])
    expect(json.problems).toEqual([])
    expect(yaml.graph?.starts).toEqual([0])
    expect(yaml.graph?.edges).toHaveLength(5)
    expect(json.graph !== null && yaml.graph !== null && json.hash === yaml.hash).toBe(true)
  })

  it.each([
    [
      'an unknown operation',
      good.replace('text.report\n', 'text.reprot\n'),
      '12:16 node report runs "text.reprot", an operation that is not in the workspace | Did you mean text.report?',
    ],
    [
      'a missing edge target',
      good.replace('[count, letters]', '[count, leters]'),
      '8:19 edge success of node list leads to "leters", a node that is not there | Did you mean letters?',
    ],
    [
      'a cycle',
      `${good}    then: list\n`,
      '14:11 the edges go round in a circle: list → count → report → list | A workflow ends: take the edge away, or do what repeats inside one operation.',
    ],
    [
      'a node id written twice',
      good.replace('  letters:', '  count:'),
      '10:3 "count" is written twice in `nodes`; the first is at 9:3',
    ],
    [
      'a node that is never reached',
      good.replace('nodes:', 'start: [count]\nnodes:').replace(', letters]', ']'),
      '6:3 node list is never reached',
    ],
    [
      'a path to a node that does not run before',
      good.replace('[$.payload.folder]', '[$.results.count]'),
      '7:14 $.results.count reaches node count, which does not run before list | Nodes before list: none.',
    ],
    [
      'a path to an unknown node',
      good.replace('$.results.letters }', '$.results.leters }'),
      '13:13 $.results.leters reaches node "leters", which is not there | Did you mean letters?',
    ],
    [
      'a path that is none',
      good.replace('$.payload.folder]', '$.foo.bar]'),
      '7:14 the path $.foo.bar begins with $.foo',
    ],
    [
      'a payload field that is not declared',
      good.replace('$.payload.folder]', '$.payload.foldr]'),
      '7:14 $.payload.foldr reaches "foldr", which the payload does not declare | Did you mean folder?',
    ],
    [
      'a wrong type',
      good.replace('{ type: text, required: true }', '{ type: text, required: 3 }'),
      '3:35 `required` of payload field folder must be true or false, not 3',
    ],
    [
      'an unknown field',
      good.replace('    then:', '    thn:'),
      '8:5 node list has no field "thn" | Did you mean then?',
    ],
    [
      'a node that is no mapping',
      good.replace(/ {2}count: .*\n/, '  count: 7\n'),
      '9:10 node count must be a mapping of names to values, not 7',
    ],
    ['a text that is no YAML', 'workflow: [a\nnodes: }', '2:8 '],
    ['an empty file', '', '1:1 the file is empty'],
    ['JSON that ends too early', '{ "workflow": "a", "nodes": {', '1:30 '],
  ])('with %s is told where that is', (_what, text, expected) => {
    expect(problemsOf(text).join('\n')).toContain(expected)
  })

  it('that is nested through its own anchor is refused and not followed for ever', () => {
    const text = 'workflow: a\nnodes:\n  a:\n    operation: text.list\n    inputs: &x [*x]\n'
    expect(problemsOf(text).join('\n')).toContain('nested deeper than 32')
  })

  it('is one document', () => {
    expect(problemsOf(`${good}---\nworkflow: text.more\n`)).toEqual([
      '14:1 a second document begins here; a workflow is one document',
    ])
  })

  it('that is no UTF-8 is refused, with the place of the first such byte', async () => {
    using folder = temporaryFolder()
    writeFileSync(join(folder.path, 'a.workflow.yaml'), Buffer.from([...Buffer.from(good), 0x23, 0xff]))
    const { hash, problems } = await readGraphFile(folder.path, 'a.workflow.yaml', null)
    expect([hash, problems.map(({ message }) => message)]).toEqual([
      null,
      [`the file cannot be read: Not UTF-8: byte 0xff at position ${good.length + 1}`],
    ])
  })

  it('of two thousand nodes in a chain is checked', () => {
    const nodes = Array.from({ length: 2_000 }, (_, at) => {
      const next = at < 1_999 ? `, then: n${at + 1}` : ''
      const input = at === 0 ? '' : `, inputs: [$.results.n${at - 1}.value]`
      return `  n${at}: { operation: text.count${input}${next} }`
    })
    expect(problemsOf(`workflow: long\nnodes:\n${nodes.join('\n')}\n`)).toEqual([])
  })
})
