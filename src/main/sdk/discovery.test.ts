import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runningHosts } from './discovery.ts'

test('no folder means that no host runs; what is there instead of it is told in words', () => {
  const state = mkdtempSync(join(tmpdir(), 'guardhouse-discovery-'))
  try {
    expect(runningHosts(join(state, 'hosts'))).toEqual([])
    const file = join(state, 'file')
    writeFileSync(file, '')
    expect(() => runningHosts(file)).toThrowError(
      expect.objectContaining({ kind: 'not-allowed', message: expect.stringContaining('it is not a folder') }),
    )
  } finally {
    rmSync(state, { recursive: true })
  }
})
