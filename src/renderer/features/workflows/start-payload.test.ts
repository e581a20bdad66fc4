import { describe, expect, it } from 'vitest'
import { firstPayload, type PayloadFieldInfo, readPayload, secretFields } from './start-payload.ts'

const field = (name: string, more: Partial<PayloadFieldInfo> = {}): PayloadFieldInfo => ({
  ...{ name, type: 'text', description: null, required: false, choices: null },
  ...more,
})
const payload = [
  field('folder', { required: true }),
  field('token', { required: true, secret: true }),
  field('pin', { type: 'integer', secret: true }),
]
const secrets = secretFields({ payload })

describe('the payload of a run that is to be started', () => {
  it('shows no secret field in the JSON, and takes secrets from fields of their own', () => {
    expect(firstPayload({ payload })).toBe('{\n  "folder": null\n}')
    expect(secrets.map(({ name }) => name)).toEqual(['token', 'pin'])
    expect(readPayload('{ "folder": "a" }', secrets, { token: '"x', pin: '12' })).toEqual({
      payload: { folder: 'a', token: '"x', pin: 12 },
      ...{ problem: null, secretProblems: new Map(), missing: null },
    })
  })

  it('leaves out a secret that is not entered, and says which one is missing', () => {
    expect(readPayload('{}', secrets, { token: 'x', pin: '' }).payload).toEqual({ token: 'x' })
    expect(readPayload('{}', secrets, {})).toMatchObject({ payload: null, problem: null, missing: 'token' })
  })

  it('repeats no secret in what it says of it, and takes none that stands in clear', () => {
    const { payload: none, secretProblems } = readPayload('{}', secrets, { token: 'x', pin: 'hunter2' })
    expect([none, [...secretProblems]]).toEqual([null, [['pin', 'It must be of type integer, written as JSON.']]])
    expect(readPayload('{ "token": "x" }', secrets, { token: 'x' })).toMatchObject({
      payload: null,
      problem: '"token" is secret: enter it in its own field, not here.',
    })
  })

  it('says what is wrong with the JSON', () => {
    expect(readPayload('[]', [], {}).problem).toBe('The payload must be an object, in braces.')
    expect(readPayload('{', [], {}).problem).toContain('JSON')
    expect(readPayload(' ', [], {}).payload).toEqual({})
  })
})
