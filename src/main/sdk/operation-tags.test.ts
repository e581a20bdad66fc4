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
    [{ process_pool: true }, { processPool: true }],
    [{ storage_speed: 'slow' }, { storageSpeed: 'SLOW' }],
    [
      { sticky_anchor: 'user', hash_policy: 'fast' },
      { stickyAnchor: 'user', hashPolicy: 'FAST' },
    ],
    [
      { external_calls: ['a', 'b'], digest_policy: 'MINIMAL' },
      { externalCalls: ['a', 'b'], digestPolicy: 'MINIMAL' },
    ],
    [{ allow_retries: 'false' }, { retry: { times: 0 } }],
    [{ retry: true }, { retry: {} }],
    [{ retry: 3 }, { retry: { times: 3 } }],
    [{ retry: { times: 1, delay: 0, jitter: 1 } }, { retry: { times: 1, delay: 0, jitter: 1 } }],
  ])('%j becomes %j', (written, kept) => {
    const tags = readTags(written, 'a')
    expect(tags).toEqual(kept)
    expect(Object.isFrozen(tags)).toBe(true)
  })

  test.each([
    [{ idempotent: 'yes' }, /tags of 'a': idempotent must be true or false, not "yes"/],
    [{ receipt: 1 }, /receipt must be true or false, not 1/],
    [{ queueTimeout: 1, queue_timeout: 2 }, /'queue_timeout' and 'queueTimeout' are the same tag/],
    [{ storageSpeed: 'QUICK' }, /storageSpeed must be one of SLOW, MODERATE, FAST, INSANE, not "QUICK"/],
    [{ stickyAnchor: '' }, /stickyAnchor must be a text of 1 to 256 characters, not ""/],
    [{ hashPolicy: 3 }, /hashPolicy must be one of NONE, FAST, STANDARD, FULL, not 3/],
    [{ externalCalls: [] }, /externalCalls must be a list of 1 to 256 names.*not an empty list/],
    [{ externalCalls: ['a', 7] }, /externalCalls must be a list.*not one with 7/],
    [{ retry: -1 }, /retry must be a whole number of retries from 0 to 100, not -1/],
    [{ retry: { times: 2.5 } }, /retry: times must be a whole number of retries from 0 to 100, not 2.5/],
    [{ retry: { delays: 5 } }, /retry: there is no setting 'delays'; there is times, delay/],
    [{ retry: { shortestRun: 9, longestRun: 5 } }, /shortestRun is 9, which is more than longestRun, 5/],
    [{ retry: [] }, /retry must be true, false, a number of retries or an object, not an array/],
    [{ cache_size: 5 }, /the tag 'cache_size' is not supported by this version/],
  ])('%j is refused with one clear sentence', (written, message) => {
    const error = refusal(written)
    expect(error.kind).toBe('bad-request')
    expect(error.message).toMatch(message)
  })

  test('name the nearest known one for a slip of the pen', () => {
    expect(refusal({ idempotant: true }).hint).toBe("Did you mean 'idempotent'?")
    expect(refusal({ stickyAnker: 'a' }).hint).toBe("Did you mean 'stickyAnchor'?")
    expect(refusal({ storageSpeed: 'SLOWW' }).hint).toBe("Did you mean 'SLOW'?")
    expect(refusal({ retry: { dely: 5 } }).hint).toBe("Did you mean 'delay'?")
  })

  test('are rows of text for people', () => {
    expect(describeTags({ weight: 'heavy', externalCalls: ['a', 'b'], retry: { times: 2, delay: 50 } })).toEqual({
      weight: 'heavy',
      externalCalls: 'a, b',
      retry: 'times 2, delay 50',
    })
  })
})
