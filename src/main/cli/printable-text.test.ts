import { expect, test } from 'vitest'
import { printableText } from './printable-text.ts'

test('text from elsewhere cannot steer the terminal', () => {
  expect(printableText('a\u001b[2Jb\u0007\u202ec')).toBe('a\uFFFD[2Jb\uFFFD\uFFFDc')
})

test('line breaks stay only where lines are wanted', () => {
  expect(printableText('one\r\ntwo\tthree')).toBe('one⏎two three')
  expect(printableText('one\r\ntwo', 'lines')).toBe('one\ntwo')
})
