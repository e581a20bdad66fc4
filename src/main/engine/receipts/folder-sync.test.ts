import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FolderSync } from './folder-sync.ts'

let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'guardhouse-sync-'))
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

function write(count: number): string[] {
  const names = Array.from({ length: count }, (_, n) => `${n}.json`)
  for (const name of names) writeFileSync(join(folder, name), '{}')
  return names
}

describe('syncing the files of a folder', () => {
  it('syncs many with one call of the system, and few one by one', async () => {
    let calls = 0
    const sync = new FolderSync(folder, () => async () => {
      calls += 1
      return 0
    })
    await sync.sync(write(3))
    expect(calls).toBe(0)
    await sync.sync(write(100))
    expect(calls).toBe(1)
  })

  it('syncs them one by one where the system has no such call, or the call fails', async () => {
    for (const load of [() => null, () => async () => -1]) {
      const sync = new FolderSync(folder, load)
      const names = write(100)
      await sync.sync(names)
      // One by one, a file that is not there is found out.
      await expect(sync.sync([...names, 'gone.json'])).rejects.toThrow('gone.json')
    }
  })

  it('works with the call of this system', async () => {
    await expect(new FolderSync(folder).sync(write(100))).resolves.toBeUndefined()
  })
})
