import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { mapFile } from './mapped-file.ts'
import { makeStartsFolder, readStarts, StartLog } from './start-log.ts'

let folder: string
let journal: string

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'guardhouse-')))
  journal = join(folder, 'journal.sqlite')
})
afterEach(() => rmSync(folder, { recursive: true }))

const ways = { 'in mapped memory, where the system has it': mapFile, 'written to the file': () => null }

describe.each(Object.entries(ways))('the log of what began, %s,', (_name, map) => {
  it('can be read by another at once, with the newest attempt of each token', () => {
    const log = new StartLog(join(makeStartsFolder(journal), '1-0'), map)
    log.begin(7, 1)
    log.begin(9, 1)
    log.end(9)
    log.begin(9, 2)
    expect([...readStarts(journal)]).toEqual([
      [7, 1],
      [9, 2],
    ])
  })

  it('keeps the place of what still runs, however much begins after it', () => {
    const log = new StartLog(join(makeStartsFolder(journal), '1-0'), map)
    log.begin(1, 1)
    const many = 70_000
    for (let sequence = 2; sequence <= many; sequence++) {
      log.begin(sequence, 1)
      log.end(sequence)
    }
    const begun = readStarts(journal)
    expect(begun.get(1)).toBe(1)
    expect(begun.get(many)).toBe(1)
    expect(begun.has(2)).toBe(false)
  })

  it('goes on behind what an earlier thread has written', () => {
    const path = join(makeStartsFolder(journal), '1-0')
    new StartLog(path, map).begin(3, 1)
    new StartLog(path, map).begin(4, 1)
    expect([...readStarts(journal).keys()]).toEqual([3, 4])
  })

  it('passes over what cannot be an entry of a damaged file', () => {
    const path = join(makeStartsFolder(journal), '1-0')
    new StartLog(path, map).begin(3, 1)
    const damaged = [1.5e308, Number.NaN, Number.POSITIVE_INFINITY, -5.5, 1e-300, 7, 2 ** 43 + 0.5, 12.000_1]
    const bytes = readFileSync(path)
    damaged.forEach((entry, index) => {
      bytes.writeDoubleLE(entry, (index + 10) * 8)
    })
    writeFileSync(path, bytes)
    new StartLog(path, map).begin(4, 1)
    expect([...readStarts(journal)]).toEqual([
      [3, 1],
      [4, 1],
    ])
    expect(readFileSync(path).readDoubleLE(8)).toBe(4 + 1 / 1024)
  })
})
