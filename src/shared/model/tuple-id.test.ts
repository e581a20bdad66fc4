import { expect, it } from 'vitest'
import { shortTupleId } from './tuple-id.ts'

it('shows what tells an id from others', () => {
  expect(shortTupleId(`sha256:${'ab'.repeat(32)}`)).toBe('abababababab…')
  expect(shortTupleId('order 7')).toBe('order 7')
  expect(shortTupleId('agent:b8eae0e4-2/0/11/17')).toBe('agent:b…e4-2/0/11/17')
})
