import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { digestPolicies } from '../../../../shared/model/tags.ts'
import { seedDigest } from './seed-digest.ts'

const whole = (text: string) => createHash('sha256').update(text).digest('hex')

describe('the seed of a domain', () => {
  it('is SHA-256 of the token id and the calls as a tuple, whole or its beginning', () => {
    const text = "op_1_2:('fetch', 'store')"
    const calls = ['fetch', 'store']
    expect(seedDigest('op_1_2', calls, 'FULL')).toBe(whole(text))
    expect(seedDigest('op_1_2', calls, 'SHORT')).toBe(whole(text).slice(0, 16))
    expect(seedDigest('op_1_2', calls, 'MINIMAL')).toBe(whole(text).slice(0, 8))
  })

  it('is with FAST a BLAKE2s of eight bytes, as Python computes it', () => {
    // hashlib.blake2s(b"op_1_2:('fetch', 'store')", digest_size=8).hexdigest()
    expect(seedDigest('op_1_2', ['fetch', 'store'], 'FAST')).toBe('63392c7533e51197')
  })

  it('writes one call, quotes and escapes as a Python tuple does', () => {
    expect(seedDigest('t', ['a'], 'FULL')).toBe(whole("t:('a',)"))
    expect(seedDigest('t', ["it's", 'say "hi"', `both ' and "`, 'back\\slash\n'], 'FULL')).toBe(
      whole(`t:("it's", 'say "hi"', 'both \\' and "', 'back\\\\slash\\n')`),
    )
  })

  it.each(digestPolicies)('differs between tokens and between lists with %s', (policy) => {
    const seeds = [seedDigest('a', ['x'], policy), seedDigest('b', ['x'], policy), seedDigest('a', ['x', 'y'], policy)]
    expect(new Set(seeds).size).toBe(3)
    expect(seeds.every((seed) => /^[0-9a-f]+$/.test(seed))).toBe(true)
  })
})
