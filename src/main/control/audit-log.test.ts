import { beforeEach, expect, test } from 'vitest'
import { AuditLog } from './audit-log.ts'

let now: number
let log: AuditLog
beforeEach(() => {
  now = 1000
  log = new AuditLog(100, () => now)
})

function kill(target: string): number {
  return log.record({ actor: 'window', action: 'kill', target, reason: 'enough', outcome: '1 affected' })
}

test('entries come newest first, with number and wall clock', () => {
  kill('a')
  now = 2000
  kill('b')
  expect(log.query(undefined, 0, 10)).toEqual({
    entries: [
      { id: 2, at: 2000, actor: 'window', action: 'kill', target: 'b', reason: 'enough', outcome: '1 affected' },
      { id: 1, at: 1000, actor: 'window', action: 'kill', target: 'a', reason: 'enough', outcome: '1 affected' },
    ],
    matched: 2,
    total: 2,
  })
})

test('text is found in every field without regard to case, and pages of what is found are cut', () => {
  for (const target of ['alpha', 'beta', 'Alphabet']) kill(target)
  expect(log.query('ALPHA', 0, 10)).toMatchObject({ matched: 2, total: 3 })
  expect(log.query('ALPHA', 1, 10).entries).toMatchObject([{ target: 'alpha' }])
  expect(log.query('enough', 0, 1)).toMatchObject({ entries: [{ target: 'Alphabet' }], matched: 3 })
  expect(log.query('nothing like it', 0, 10)).toEqual({ entries: [], matched: 0, total: 3 })
})

test('the oldest make room for the newest, and the total still counts them', () => {
  for (let count = 1; count <= 250; count++) kill(`token ${count}`)
  const { entries, matched, total } = log.query(undefined, 0, 1000)
  expect({ matched, total }).toEqual({ matched: 100, total: 250 })
  expect(entries[0]).toMatchObject({ id: 250, target: 'token 250' })
  expect(entries.at(-1)).toMatchObject({ id: 151, target: 'token 151' })
})

test('a row of submissions of one caller to one operation is one entry that grows', () => {
  const heard: number[] = []
  log.onEntry(({ id }) => heard.push(id))
  for (let count = 0; count < 1500; count++) log.recordSubmission('command line', 'add', 1)
  expect(log.query(undefined, 0, 10).entries).toMatchObject([
    { id: 1, target: 'add', outcome: '1,500 tokens accepted' },
  ])
  expect(heard).toHaveLength(1500)
})

test.each([
  ['of another caller', () => log.recordSubmission('window', 'add', 1)],
  ['to another operation', () => log.recordSubmission('command line', 'subtract', 1)],
  [
    'after a pause',
    () => {
      now += 5000
      log.recordSubmission('command line', 'add', 1)
    },
  ],
  [
    'after something else happened',
    () => {
      kill('a')
      log.recordSubmission('command line', 'add', 1)
    },
  ],
])('a submission %s is an entry of its own', (_name, submitAgain) => {
  log.recordSubmission('command line', 'add', 2)
  submitAgain()
  const submissions = log.query('submit', 0, 10)
  expect(submissions.matched).toBe(2)
  expect(submissions.entries.at(-1)).toMatchObject({ outcome: '2 tokens accepted' })
})

test('who no longer listens hears nothing', () => {
  const heard: number[] = []
  const end = log.onEntry(({ id }) => heard.push(id))
  kill('a')
  end()
  kill('b')
  expect(heard).toEqual([1])
})
