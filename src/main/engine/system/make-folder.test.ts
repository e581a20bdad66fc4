import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { TemporaryFolder } from '../workspace/temporary-folder.fixture.ts'
import { makeFolder } from './make-folder.ts'

describe('a folder to be made', () => {
  it('is there afterwards, with those above it, also when it was there before', () => {
    using folder = new TemporaryFolder()
    const path = join(folder.path, 'a', 'b', 'c')
    makeFolder(path)
    makeFolder(path)
    writeFileSync(join(path, 'file'), 'kept')
  })

  it('is refused where a file is in the way', () => {
    using folder = new TemporaryFolder()
    writeFileSync(join(folder.path, 'file'), '')
    expect(() => makeFolder(join(folder.path, 'file'))).toThrow(/EEXIST/)
    expect(() => makeFolder(join(folder.path, 'file', 'below'))).toThrow(/ENOTDIR/)
  })

  it.runIf(process.platform === 'linux')(
    'is refused where the system makes none, instead of asking without end',
    () => {
      expect(() => makeFolder('/proc/none/such')).toThrow(/ENOENT/)
    },
  )
})
