import { describe, expect, it } from 'vitest'
import { filterLog, logAsText } from './log-filter.ts'

const log = [
  { at: 1, level: 'debug', text: 'one' },
  { at: 2, level: 'info', text: 'Two rows' },
  { at: 3, level: 'error', text: 'three' },
] as const

describe('filterLog', () => {
  it('takes lines of a level and above', () => {
    expect(filterLog(log, 'debug', '')).toHaveLength(3)
    expect(filterLog(log, 'info', '').map((line) => line.at)).toEqual([2, 3])
    expect(filterLog(log, 'warn', '').map((line) => line.at)).toEqual([3])
  })

  it('finds text without regard to case', () => {
    expect(filterLog(log, 'debug', ' two ').map((line) => line.at)).toEqual([2])
  })
})

describe('logAsText', () => {
  it('writes one line each', () => {
    expect(logAsText(log.slice(1), (line) => `t${line.at}`)).toBe('t2 INFO  Two rows\nt3 ERROR three')
  })
})
