import { describe, expect, it } from 'vitest'
import { emptyDraft, type LaunchDraft, readDraft, switchMode } from './launch-draft.ts'

function draft(change: Partial<LaunchDraft>, parameters: readonly string[] = ['a', 'b']): LaunchDraft {
  return { ...emptyDraft(parameters), ...change }
}

describe('readDraft', () => {
  it('calls without arguments when nothing is typed', () => {
    expect(readDraft(draft({}), 'cpu.ladder').plan).toEqual({
      submission: { operation: 'cpu.ladder', arguments: [] },
      count: 1,
      burst: null,
    })
  })

  it('keeps the places of arguments that are not given', () => {
    const { plan } = readDraft(draft({ fields: ['', '{"x": 1}'] }), 'op')
    expect(plan?.submission.arguments).toEqual([{ $type: 'undefined' }, { x: 1 }])
  })

  it('takes bursts and deadlines along', () => {
    const { plan } = readDraft(
      draft({
        count: '100',
        spread: 'bursts',
        burstSize: '20',
        burstEveryMs: '50',
        timeout: '3000',
        queueTimeout: '9',
      }),
      'op',
    )
    expect(plan).toEqual({
      submission: { operation: 'op', arguments: [], timeout: 3000, queueTimeout: 9 },
      count: 100,
      burst: { size: 20, everyMs: 50 },
    })
  })

  it('says what is wrong with each field and gives no plan', () => {
    const { plan, problems } = readDraft(
      draft({ fields: ['1', 'x'], count: '0', timeout: '-1', spread: 'bursts', burstSize: 'ten' }),
      'op',
    )
    expect(plan).toBeNull()
    expect(problems.fields).toEqual([null, { message: 'Texts are written in double quotes: "x".', offset: 0 }])
    expect(problems.count).toBe('Give a whole number of tokens from 1 to 1,000,000.')
    expect(problems.timeout).toContain('milliseconds')
    expect(problems.burstSize).toContain('whole number of tokens')
    expect(problems.burstEveryMs).toBeNull()
  })

  it('does not look at what is hidden', () => {
    expect(
      readDraft(draft({ mode: 'list', fields: ['nonsense', ''], list: '[1]', burstSize: 'x' }), 'op').plan,
    ).not.toBeNull()
  })
})

describe('switchMode', () => {
  it('carries the arguments to and fro', () => {
    const list = switchMode(draft({ fields: ['1', '"b"'] }), ['a', 'b'])
    expect(JSON.parse(list.list)).toEqual([1, 'b'])
    expect(switchMode(list, ['a', 'b']).fields).toEqual(['1', '"b"'])
  })

  it('leaves what was typed where it cannot be carried over', () => {
    expect(switchMode(draft({ fields: ['x', ''], list: '[7]' }), ['a', 'b']).list).toBe('[7]')
    expect(switchMode(draft({ mode: 'list', list: '[1,2,3]' }), ['a', 'b']).fields).toEqual(['', ''])
  })

  it('begins as a list where the parameters are not known or take the rest', () => {
    expect(emptyDraft([]).mode).toBe('list')
    expect(emptyDraft(['a', '...rest']).mode).toBe('list')
    expect(emptyDraft(['a']).mode).toBe('fields')
  })
})
