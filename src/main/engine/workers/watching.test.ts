import { expect, test } from 'vitest'
import { Watching } from './watching.ts'

function failUntilItStops(watching: Watching): number {
  let failures = 0
  while (watching.pays()) {
    watching.learn(false)
    failures += 1
  }
  return failures
}

test('watching goes on as long as it finds something, with some that do not', () => {
  const watching = new Watching()
  for (let look = 0; look < 1000; look++) {
    expect(watching.pays()).toBe(true)
    watching.learn(look % 4 !== 0)
  }
})

test('watching stops after a few looks in vain, however long it has paid', () => {
  const watching = new Watching()
  for (let look = 0; look < 1000; look++) watching.learn(true)
  expect(failUntilItStops(watching)).toBeLessThanOrEqual(4)
})

test('watching is tried again now and then, and goes on when that found something', () => {
  const watching = new Watching()
  failUntilItStops(watching)
  let asked = 0
  while (!watching.pays()) asked += 1
  expect(asked).toBeGreaterThan(100)
  watching.learn(true)
  expect(watching.pays()).toBe(true)
})
