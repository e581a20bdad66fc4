import { expect, it } from 'vitest'
import { closeReason, wrongSecret } from './web-socket-transport.ts'

it('says in words why a socket was closed', () => {
  expect(closeReason({ code: 4401, reason: 'wrong secret' })).toBe(wrongSecret)
  expect(closeReason({ code: 1001, reason: 'the host stopped' })).toBe('the host stopped')
  expect(closeReason({ code: 1006, reason: '' })).toBe('the host stopped answering (code 1006)')
})
