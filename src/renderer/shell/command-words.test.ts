import { describe, expect, it } from 'vitest'
import type { CommandPreview } from '../../shared/contract/commands.ts'
import { describeChildren, describeOutcome, describeScope, endedBy } from './command-words.ts'

const preview: CommandPreview = {
  command: 'kill',
  scope: { kind: 'all' },
  waiting: 3,
  admitted: 2,
  executing: 1,
  children: 0,
  operations: [],
  frozen: 'f',
  expiresInMs: 1000,
}
const outcome = { affected: 3, alreadyEnded: 0, untouched: 0, auditId: 1 }

describe('the words of commands', () => {
  it('counts as ended what each command ends', () => {
    expect([endedBy('drain', preview), endedBy('kill', preview)]).toEqual([3, 6])
  })

  it('names what a command acts on', () => {
    expect([
      describeScope({ kind: 'all' }),
      describeScope({ kind: 'operation', operation: 'add' }),
      describeScope({ kind: 'tokens', ids: ['a'] }),
      describeScope({ kind: 'tokens', ids: ['a', 'b'] }),
    ]).toEqual(['everything', 'operation add', 'token a', '2 tokens'])
  })

  it('says what was not touched, except of the gate', () => {
    const partly = { ...outcome, alreadyEnded: 2, untouched: 1 }
    expect(describeOutcome('kill', { kind: 'tokens', ids: ['a'] }, partly)).toEqual({
      title: 'Killed 3 tokens',
      text: '2 had already ended. 1 left as they were.',
    })
    expect(describeOutcome('pause', { kind: 'all' }, partly)).toEqual({ title: 'Admission paused', text: undefined })
  })

  it('speaks of children only when there are any', () => {
    expect(describeChildren(0)).toBeNull()
    expect(describeChildren(1)).toBe('1 child of these tokens is not in the set and will go on.')
  })
})
