import { expect, it, vi } from 'vitest'
import { takeSecret } from './secret.ts'

function places(hash: string, kept: string | null = null) {
  const replaceState = vi.fn()
  const setItem = vi.fn()
  return {
    replaceState,
    setItem,
    given: {
      location: { hash, pathname: '/', search: '' },
      history: { replaceState },
      storage: { getItem: () => kept, setItem },
    },
  }
}

it('moves the secret out of the address bar', () => {
  const { given, replaceState, setItem } = places('#secret=aB_-9')
  expect(takeSecret(given)).toBe('aB_-9')
  expect(setItem).toHaveBeenCalledWith('guardhouse.secret', 'aB_-9')
  expect(replaceState).toHaveBeenCalledWith(null, '', '/#/')
})

it('keeps the place that an address names besides the secret', () => {
  const { given, replaceState } = places('#secret=abc&/tokens/add_1_2')
  takeSecret(given)
  expect(replaceState).toHaveBeenCalledWith(null, '', '/#/tokens/add_1_2')
})

it('uses the one it kept after a reload, and touches no other fragment', () => {
  const { given, replaceState } = places('#/tokens', 'kept')
  expect(takeSecret(given)).toBe('kept')
  expect(replaceState).not.toHaveBeenCalled()
})

it('has none when the page was opened without', () => {
  expect(takeSecret(places('').given)).toBeNull()
})
