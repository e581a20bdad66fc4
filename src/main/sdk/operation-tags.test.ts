import { describe, expect, test } from 'vitest'
import { GuardhouseError } from '../../shared/errors.ts'
import { describeTags } from '../../shared/model/tags.ts'
import { readTags } from './operation-tags.ts'

function refusal(tags: unknown): GuardhouseError {
  try {
    readTags(tags, 'a')
  } catch (error) {
    if (error instanceof GuardhouseError) return error
    throw error
  }
  throw new Error('nothing was refused')
}

describe('tags', () => {
  test.each([
    [{ idempotent: true }, { idempotent: true }],
    [{ receipt: 'True' }, { receipt: true }],
    [{ cache: false }, { cache: false }],
    [{ queue_timeout: 5 }, { queueTimeout: 5 }],
  ])('%j becomes %j', (written, kept) => {
    const tags = readTags(written, 'a')
    expect(tags).toEqual(kept)
    expect(Object.isFrozen(tags)).toBe(true)
  })

  test.each([
    [{ idempotent: 'yes' }, /tags of 'a': idempotent must be true or false, not "yes"/],
    [{ receipt: 1 }, /receipt must be true or false, not 1/],
    [{ queueTimeout: 1, queue_timeout: 2 }, /'queue_timeout' and 'queueTimeout' are the same tag/],
    [{ cache_size: 5 }, /the tag 'cache_size' is not supported by this version/],
  ])('%j is refused with one clear sentence', (written, message) => {
    const error = refusal(written)
    expect(error.kind).toBe('bad-request')
    expect(error.message).toMatch(message)
  })

  test('name the nearest known one for a slip of the pen', () => {
    expect(refusal({ idempotant: true }).hint).toBe("Did you mean 'idempotent'?")
  })

  test('are rows of text for people', () => {
    expect(describeTags({ weight: 'heavy', externalCalls: ['a', 'b'], retry: { times: 2, delay: 50 } })).toEqual({
      weight: 'heavy',
      externalCalls: 'a, b',
      retry: 'times 2, delay 50',
    })
  })
})
