import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { entriesFromHrefs, entryHrefs, findEntries, locateEntries } from './entries.ts'

test('from source every entry is the TypeScript file of its folder', () => {
  const entries = locateEntries('file:///home/me/guardhouse/src/main/entries.ts', undefined)
  expect(entries.control.href).toBe('file:///home/me/guardhouse/src/main/control/control-thread.ts')
  expect(entries.worker.href).toBe('file:///home/me/guardhouse/src/main/engine/workers/worker-entry.ts')
  expect(entries.process.href).toBe('file:///home/me/guardhouse/src/main/engine/workers/process-entry.ts')
  expect(entries.scan.href).toBe('file:///home/me/guardhouse/src/main/engine/workspace/scan-entry.ts')
  expect(entries.sdk.href).toBe('file:///home/me/guardhouse/src/main/sdk/index.ts')
  expect(entries.sampleWorkspace.href).toBe('file:///home/me/guardhouse/resources/sample-workspace/')
})

test('in the bundle every entry lies beside the file that asks', () => {
  const entries = locateEntries('file:///home/me/guardhouse/out/main/chunk-D3f4.js', undefined)
  expect(entries.control.href).toBe('file:///home/me/guardhouse/out/main/control.js')
  expect(entries.worker.href).toBe('file:///home/me/guardhouse/out/main/worker.js')
  expect(entries.process.href).toBe('file:///home/me/guardhouse/out/main/process.js')
  expect(entries.scan.href).toBe('file:///home/me/guardhouse/out/main/scan.js')
  expect(entries.sdk.href).toBe('file:///home/me/guardhouse/out/main/sdk.js')
  expect(entries.sampleWorkspace.href).toBe('file:///home/me/guardhouse/resources/sample-workspace/')
})

test('a packaged app keeps the sample outside of its archive, where its modules can be loaded', () => {
  const resources = new URL('file:///opt/Guardhouse/resources/')
  const entries = locateEntries('file:///opt/Guardhouse/resources/app.asar/out/main/index.js', resources)
  expect(entries.sampleWorkspace.href).toBe('file:///opt/Guardhouse/resources/sample-workspace/')
  expect(entries.control.href).toBe('file:///opt/Guardhouse/resources/app.asar/out/main/control.js')
})

test('a development Electron has resources of its own, and the sample is still the one of the package', () => {
  const resources = new URL('file:///home/me/guardhouse/node_modules/electron/dist/resources/')
  const entries = locateEntries('file:///home/me/guardhouse/out/main/index.js', resources)
  expect(entries.sampleWorkspace.href).toBe('file:///home/me/guardhouse/resources/sample-workspace/')
})

test('the running program finds its own files, also after the entries crossed to another thread', () => {
  const entries = entriesFromHrefs(structuredClone(entryHrefs(findEntries())))
  expect(existsSync(fileURLToPath(entries.control))).toBe(true)
  expect(entries).toEqual(findEntries())
})
