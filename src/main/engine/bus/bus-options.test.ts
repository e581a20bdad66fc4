import { expect, test } from 'vitest'
import { busOptionsFrom } from './bus-options.ts'

test('the environment may say how many tuples the bus holds, and only that', () => {
  const name = 'GUARDHOUSE_BUS_MAX_TUPLES'
  expect([{}, { [name]: ' ' }, { [name]: ' 0020 ' }].map(busOptionsFrom)).toEqual([{}, {}, { busMaxTuples: 20 }])
  for (const wrong of ['many', '0', '1e3', '-1', '99999999999']) {
    expect(() => busOptionsFrom({ [name]: wrong })).toThrow(`${name} is "${wrong}"`)
  }
})
