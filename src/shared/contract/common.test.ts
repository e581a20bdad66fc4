import { expect, test } from 'vitest'
import { type ProcedureName, procedures } from './index.ts'
import { decodeValue } from './values.ts'

const withProto: unknown = JSON.parse('{"__proto__": "a", "n": 1}')

test.each<[ProcedureName, object]>([
  ['bus.out', { tuple: withProto }],
  ['bus.in', { template: withProto }],
  ['bus.eval', { operation: 'op', fields: withProto }],
  ['kernel.spawn', { yool: 'agent.dev.run', lane: 'work', data: withProto }],
  ['kernel.routePacket', { lane: 'work', packet: withProto }],
  ['workflows.start', { workflow: 'words', payload: withProto }],
  ['receipts.put', { yool: 'op', startedAt: '', endedAt: '', env: withProto }],
  ['options.set', { changes: withProto }],
])('%s refuses a field named __proto__ instead of losing it', (name, input) => {
  const { error } = procedures[name].input.safeParse(input)
  expect(error?.issues.map(({ message }) => message)).toEqual([
    'a field cannot be named __proto__: give it another name',
  ])
})

test('an argument keeps its field named __proto__', () => {
  const input = procedures['tokens.submit'].input.parse({ operation: 'op', arguments: [withProto] })
  const [argument] = decodeValue(input.arguments) as [object]
  expect(Object.entries(argument)).toEqual([
    ['__proto__', 'a'],
    ['n', 1],
  ])
})
