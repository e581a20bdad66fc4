import { describe, expect, test } from 'vitest'
import { GuardhouseError } from '../../shared/errors.ts'
import { readCallOptions, readOperationOptions } from './operation-options.ts'
import { longestTimeout } from './option-readers.ts'

function refusal(action: () => unknown): GuardhouseError {
  try {
    action()
  } catch (error) {
    if (error instanceof GuardhouseError) return error
    throw error
  }
  throw new Error('nothing was refused')
}

describe('operation options', () => {
  test('are taken as written and frozen', () => {
    const { operationType, tags } = readOperationOptions({
      operationType: 'image.resize',
      tags: { weight: 'heavy', timeout: 1500, queueTimeout: undefined },
    })
    expect(operationType).toBe('image.resize')
    expect(tags).toEqual({ weight: 'heavy', timeout: 1500 })
    expect(Object.isFrozen(tags)).toBe(true)
  })

  test('take a weight in any case, as the original did', () => {
    expect(readOperationOptions({ operationType: 'a', tags: { weight: 'HEAVY' } }).tags.weight).toBe('heavy')
  })

  test.each([
    [undefined, /taskTokenGuard: expected an object, got undefined/],
    [{}, /operationType is missing/],
    [{ operationType: '' }, /operationType must be a name of 1 to 256 characters.*not ""/],
    [{ operationType: ' a' }, /operationType must be/],
    [{ operationType: 7 }, /operationType must be.*not 7/],
    [{ operationType: 'a'.repeat(257) }, /operationType must be/],
    [{ operationType: 'a', tags: [] }, /tags of 'a': expected an object, got an array/],
    [
      { operationType: 'a', tags: { weight: 'hevy' } },
      /tags of 'a': weight must be one of heavy, medium, light, not "hevy"/,
    ],
    [{ operationType: 'a', tags: { weight: 3 } }, /weight must be one of heavy, medium, light, not 3/],
    [
      { operationType: 'a', tags: { timeout: -1 } },
      /timeout must be a number of milliseconds above 0 and at most 86400000, not -1/,
    ],
    [{ operationType: 'a', tags: { timeout: 0 } }, /timeout must be/],
    [{ operationType: 'a', tags: { timeout: Number.NaN } }, /timeout must be.*not NaN/],
    [{ operationType: 'a', tags: { timeout: '5' } }, /timeout must be.*not "5"/],
    [{ operationType: 'a', tags: { queueTimeout: longestTimeout + 1 } }, /queueTimeout must be/],
    [
      { operationType: 'a', tags: { colour: 'x' } },
      /there is no tag 'colour'; there is weight, timeout, queueTimeout, /,
    ],
    [
      { operationType: 'a', priority: 1 },
      /taskTokenGuard: there is no option 'priority'; there is operationType, tags/,
    ],
  ])('%j is refused with one clear sentence', (options, message) => {
    const error = refusal(() => readOperationOptions(options))
    expect(error.kind).toBe('bad-request')
    expect(error.message).toMatch(message)
  })

  test('name the nearest known word for a slip of the pen, and none for a stranger', () => {
    const hintFor = (tags: object) => refusal(() => readOperationOptions({ operationType: 'a', tags })).hint
    expect(hintFor({ wieght: 'heavy' })).toBe("Did you mean 'weight'?")
    expect(hintFor({ queuetimeout: 5 })).toBe("Did you mean 'queueTimeout'?")
    expect(hintFor({ weight: 'hevy' })).toBe("Did you mean 'heavy'?")
    expect(hintFor({ zzz: 1 })).toBeUndefined()
    expect(refusal(() => readOperationOptions({ operationtype: 'a' })).hint).toBe("Did you mean 'operationType'?")
  })
})

describe('call options', () => {
  test('are taken as written', () => {
    const buffer = new ArrayBuffer(8)
    expect(readCallOptions({ timeout: 5, transfer: [buffer] }, 'a')).toEqual({ timeout: 5, transfer: [buffer] })
  })

  test.each([
    [{ timeout: -1 }, /withOptions of 'a': timeout must be/],
    [{ transfer: [new Uint8Array(1)] }, /transfer must be an array of ArrayBuffers/],
    [{ weight: 'heavy' }, /withOptions of 'a': there is no option 'weight'/],
    [null, /expected an object, got null/],
  ])('%j is refused', (options, message) => {
    expect(refusal(() => readCallOptions(options, 'a')).message).toMatch(message)
  })
})
