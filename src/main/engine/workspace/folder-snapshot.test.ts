import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { defaultFolderLimits, fingerprint, takeSnapshot } from './folder-snapshot.ts'
import { TemporaryFolder } from './temporary-folder.fixture.ts'

const folders: TemporaryFolder[] = []

function folderWith(files: Readonly<Record<string, string>>): TemporaryFolder {
  const folder = new TemporaryFolder(files)
  folders.push(folder)
  return folder
}

afterEach(() => {
  for (const folder of folders.splice(0)) folder[Symbol.dispose]()
})

describe('a snapshot', () => {
  test('holds source files by path, and neither packages nor hidden folders nor links', async () => {
    const folder = folderWith({
      'b.ops.ts': 'b',
      'a/helper.mjs': 'h',
      'a/data.json': '{}',
      'node_modules/x/index.js': 'x',
      '.git/hook.js': 'g',
    })
    symlinkSync(join(folder.path, 'a'), join(folder.path, 'link'))
    const snapshot = await takeSnapshot(folder.path, defaultFolderLimits)
    expect([...snapshot.files.keys()]).toEqual(['a/helper.mjs', 'b.ops.ts'])
    expect(snapshot.folders).toEqual(['', 'a'])
    expect(snapshot.notices).toEqual([])
    // echo -n b | sha256sum
    const hash = '3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d'
    expect(snapshot.files.get('b.ops.ts')).toEqual({ hash })
  })

  test('stops at its limits and says so', async () => {
    const folder = folderWith({ 'a.ts': '', 'b.ts': '', 'x/y/z/deep.ts': '', 'big.ts': '12345' })
    const limits = { depth: 2, folders: 100, files: 2, fileBytes: 4 }
    const snapshot = await takeSnapshot(folder.path, limits)
    expect([...snapshot.files.keys()]).toEqual(['a.ts', 'b.ts'])
    expect(snapshot.notices).toEqual([
      'Folders more than 2 levels deep are not searched for operations, such as x/y/.',
      'More than 2 source files: the others are neither loaded nor watched.',
    ])
    const few = await takeSnapshot(folder.path, { ...limits, files: 9, folders: 1 })
    expect(few.notices).toEqual(['More than 1 folders: the others are not searched for operations.'])
    expect(few.files.get('big.ts')).toMatchObject({ hash: null, error: { kind: 'too-large' } })
  })

  test('says that a folder is gone', async () => {
    const snapshot = await takeSnapshot('/nowhere/at/all', defaultFolderLimits)
    expect(snapshot.notices).toEqual([expect.stringContaining('The workspace cannot be read: ENOENT')])
  })

  test('has a fingerprint that changes with names, contents and salt alone', async () => {
    const folder = folderWith({ 'a.ts': '1' })
    const print = async (salt = '') => fingerprint(await takeSnapshot(folder.path, defaultFolderLimits), salt)
    const before = await print()
    folder.write('data.txt', 'irrelevant')
    folder.write('a.ts', '1')
    expect(await print()).toBe(before)
    expect(await print('salt')).not.toBe(before)
    folder.write('a.ts', '2')
    const changed = await print()
    expect(changed).not.toBe(before)
    folder.remove('a.ts')
    folder.write('b.ts', '2')
    expect(await print()).not.toBe(changed)
  })
})
