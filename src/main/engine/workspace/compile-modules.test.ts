import { readdirSync, truncateSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findEntries } from '../../entries.ts'
import { CodeCache, pruneCodeCaches } from './code-cache.ts'
import { compileModules } from './compile-modules.ts'
import { defaultFolderLimits, type FolderSnapshot, takeSnapshot } from './folder-snapshot.ts'
import { TemporaryFolder } from './temporary-folder.fixture.ts'

const decorated =
  'export class A {\n  @guard()\n  run(value: number) {}\n}\nfunction guard(): any { return () => {} }\n'
const dayMs = 24 * 3600 * 1000

let folder: TemporaryFolder
let state: TemporaryFolder

beforeEach(() => {
  folder = new TemporaryFolder()
  state = new TemporaryFolder()
})

afterEach(() => {
  folder[Symbol.dispose]()
  state[Symbol.dispose]()
})

function cacheFolder(): string {
  return join(state.path, 'code-cache', '1')
}

async function compile(): Promise<FolderSnapshot> {
  const snapshot = await takeSnapshot(folder.path, defaultFolderLimits)
  const settings = { codeCache: cacheFolder(), compileEntry: findEntries().compile }
  await compileModules(folder.path, snapshot, settings, new AbortController().signal)
  return snapshot
}

function codeOf(snapshot: FolderSnapshot, path: string): string | null {
  return new CodeCache(cacheFolder()).read(join(folder.path, path), snapshot.files.get(path)?.hash ?? '')
}

test('modules and the helpers they import are compiled once; a broken one and what nobody imports are left out', async () => {
  folder.write('a.ops.ts', "import { b } from './lib/b.ts'\nexport const a: number = b\n")
  folder.write('lib/b.ts', "export { c as b } from './c'\n")
  folder.write('lib/c.ts', 'export const c: number = 1\n')
  folder.write('lib/unused.ts', 'export const d: number = 1\n')
  folder.write('broken.ops.ts', 'export const : number = 1\n')
  folder.write('decorated.ops.ts', decorated)
  folder.write('plain.ops.js', 'export const plain = 1\n')
  const snapshot = await compile()
  expect(codeOf(snapshot, 'a.ops.ts')).toBe("import { b } from './lib/b.ts'\nexport const a         = b\n")
  expect(codeOf(snapshot, 'lib/c.ts')).toBe('export const c         = 1\n')
  expect(codeOf(snapshot, 'decorated.ops.ts')).toContain('sourceMappingURL=data:')
  expect(codeOf(snapshot, 'plain.ops.js')).toBe('export const plain = 1\n')
  expect([codeOf(snapshot, 'broken.ops.ts'), codeOf(snapshot, 'lib/unused.ts')]).toEqual([null, null])
})

test('changed code is compiled beside the old, and what is not whole is not used', async () => {
  folder.write('a.ops.ts', 'export const a: number = 1\n')
  const before = await compile()
  folder.write('a.ops.ts', 'export const a: number = 2\n')
  const after = await compile()
  expect([codeOf(before, 'a.ops.ts'), codeOf(after, 'a.ops.ts')]).toEqual([
    'export const a         = 1\n',
    'export const a         = 2\n',
  ])
  for (const name of readdirSync(cacheFolder())) truncateSync(join(cacheFolder(), name), 20)
  expect(codeOf(after, 'a.ops.ts')).toBeNull()
})

test('what nobody needed for a month goes, and its folder with it', async () => {
  folder.write('a.ops.ts', 'export const a: number = 1\n')
  const snapshot = await compile()
  const root = join(state.path, 'code-cache')
  await pruneCodeCaches(root)
  expect(codeOf(snapshot, 'a.ops.ts')).not.toBeNull()
  const longAgo = new Date(Date.now() - 31 * dayMs)
  for (const name of readdirSync(cacheFolder())) utimesSync(join(cacheFolder(), name), longAgo, longAgo)
  // Needed again just now.
  await compile()
  await pruneCodeCaches(root)
  expect(codeOf(snapshot, 'a.ops.ts')).not.toBeNull()
  for (const name of readdirSync(cacheFolder())) utimesSync(join(cacheFolder(), name), longAgo, longAgo)
  await pruneCodeCaches(root)
  expect(readdirSync(root)).toEqual([])
})
