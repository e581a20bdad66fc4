import { chmodSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ContractClient } from '../../shared/contract/client.ts'
import type { HostEvent } from '../../shared/contract/system.ts'
import { GuardhouseError } from '../../shared/errors.ts'
import { FakeWorkspace, failedReport, moduleReport } from './fake-engine.fixture.ts'
import { HostBench } from './host.fixture.ts'

let bench: HostBench
let client: ContractClient
beforeEach(() => {
  bench = new HostBench()
  client = bench.client()
})
afterEach(() => bench[Symbol.asyncDispose]())

function operations(): string[] {
  return bench.scheduler.operations.map((operation) => operation.operationType)
}

/** Makes the next load wait until the test lets it go on. */
function holdLoading(): () => void {
  const { promise, resolve } = Promise.withResolvers<void>()
  bench.load = async (path) => {
    await promise
    return new FakeWorkspace(path)
  }
  return resolve
}

test('at first no workspace is open', async () => {
  await expect(client.call('workspace.get', {})).resolves.toMatchObject({ state: 'none', path: null, sample: false })
  await expect(client.call('workspace.reload', {})).rejects.toMatchObject({ kind: 'conflict' })
})

test('the sample is trusted, and its operations can run', async () => {
  await expect(client.call('workspace.openSample', {})).resolves.toMatchObject({
    state: 'ready',
    path: bench.samplePath,
    sample: true,
    modules: [{ module: 'sums.ops.ts', state: 'loaded', operations: ['add', 'subtract'], error: null }],
  })
  expect(operations()).toEqual(['add', 'subtract'])
})

describe('a folder never opened before', () => {
  test('is only named; nothing of it is read until a person trusts it', async () => {
    const path = bench.folder()
    await expect(client.call('workspace.open', { path })).resolves.toMatchObject({
      state: 'untrusted',
      path,
      modules: [],
    })
    expect(bench.loaded).toEqual([])
    await expect(client.call('workspace.reload', {})).rejects.toMatchObject({ kind: 'not-allowed' })
    await expect(client.call('workspace.trust', { path })).resolves.toMatchObject({ state: 'ready', recent: [path] })
    expect(bench.loaded).toHaveLength(1)
  })

  test('is known from then on', async () => {
    const path = bench.folder()
    await client.call('workspace.open', { path })
    await client.call('workspace.trust', { path })
    await client.call('workspace.openSample', {})
    await expect(client.call('workspace.open', { path })).resolves.toMatchObject({ state: 'ready', sample: false })
    await expect(client.call('workspace.trust', { path })).resolves.toMatchObject({ state: 'ready' })
  })

  test('is not trusted by the name of another one', async () => {
    const path = bench.folder()
    await client.call('workspace.open', { path })
    await expect(client.call('workspace.trust', { path: bench.folder() })).rejects.toMatchObject({
      kind: 'conflict',
      hint: `That is ${path}.`,
    })
    await expect(client.call('workspace.get', {})).resolves.toMatchObject({ state: 'untrusted' })
    expect(bench.trust.trusted.size).toBe(0)
  })

  test('reached by a link is the folder itself', async () => {
    const path = bench.folder()
    const link = join(bench.folder(), 'link')
    symlinkSync(path, link)
    await expect(client.call('workspace.open', { path: link })).resolves.toMatchObject({ path })
  })
})

describe('what a person should know about a folder', () => {
  let notices: string[]
  beforeEach(async () => {
    notices = []
    await client.subscribe('events', {}, (event: HostEvent) => {
      if (event.kind === 'notice') notices.push(event.text)
    })
  })

  test('that the list of trusted folders was damaged is said when it asks for trust again', async () => {
    bench.trust.notice = 'The list of trusted folders was damaged.'
    await client.call('workspace.openSample', {})
    await client.call('workspace.open', { path: bench.folder() })
    await expect.poll(() => notices).toEqual(['The list of trusted folders was damaged.'])
  })

  test('what the workspace did not look at is said once it is open', async () => {
    bench.load = async (path) => {
      const workspace = new FakeWorkspace(path)
      workspace.notes = ['The folder node_modules is not searched.']
      return workspace
    }
    await client.call('workspace.openSample', {})
    await expect.poll(() => notices).toEqual(['The folder node_modules is not searched.'])
  })

  test('trust that cannot be written down is not given', async () => {
    const path = bench.folder()
    bench.trust.unwritable = new Error('no space left')
    await client.call('workspace.open', { path })
    await expect(client.call('workspace.trust', { path })).rejects.toMatchObject({
      kind: 'not-allowed',
      message: `that ${path} is trusted cannot be written down: no space left`,
    })
    await expect(client.call('workspace.get', {})).resolves.toMatchObject({ state: 'untrusted' })
    expect(bench.loaded).toEqual([])
  })

  test('recent folders that cannot be written down are no reason not to open one', async () => {
    const path = bench.folder()
    await bench.trust.trust(path)
    bench.trust.unwritable = new Error('no space left')
    await expect(client.call('workspace.open', { path })).resolves.toMatchObject({ state: 'ready' })
    await expect.poll(() => notices).toEqual(['The list of recent folders cannot be written: no space left'])
  })
})

describe('a path that cannot be opened', () => {
  const cases: [string, () => string, string, string][] = [
    ['is not there', () => join(bench.folder(), 'nowhere'), 'not-found', 'there is no folder'],
    ['is a file', () => fileIn(bench.folder()), 'bad-request', 'is a file; a workspace is a folder'],
    ['goes through a file', () => join(fileIn(bench.folder()), 'inside'), 'not-found', 'there is no folder'],
    ['is relative', () => 'some/folder', 'bad-request', 'must be absolute'],
    ['is no path at all', () => '/a\0b', 'bad-request', 'cannot be opened'],
    ['is too long for the system', () => `/${'x'.repeat(4000)}`, 'bad-request', 'cannot be opened'],
  ]

  test.each(cases)('because it %s gets one clear error, and what is open stays', async (_name, path, kind, message) => {
    await client.call('workspace.openSample', {})
    await expect(client.call('workspace.open', { path: path() })).rejects.toMatchObject({
      kind,
      message: expect.stringContaining(message),
    })
    await expect(client.call('workspace.get', {})).resolves.toMatchObject({ state: 'ready', sample: true })
    expect(operations()).toEqual(['add', 'subtract'])
    const { entries } = await client.call('audit.query', { text: 'refused' })
    expect(entries).toHaveLength(1)
  })

  test('because it may not be read says so', async () => {
    const path = bench.folder()
    chmodSync(path, 0o000)
    const giveBack = giveUpSuperuser()
    try {
      await expect(client.call('workspace.open', { path })).rejects.toMatchObject({
        kind: 'not-allowed',
        message: `the folder ${path} may not be read by this user`,
      })
    } finally {
      giveBack()
    }
  })

  test('at the start becomes the state of the session, for there is nobody to tell', async () => {
    await bench.host.workspace.openAtStart('/nowhere/at/all')
    const { state, path, error } = await client.call('workspace.get', {})
    expect({ state, path }).toEqual({ state: 'failed', path: '/nowhere/at/all' })
    expect(error?.kind).toBe('not-found')
    expect(error?.stack).toBeUndefined()
  })
})

describe('a workspace that does not load', () => {
  beforeEach(async () => {
    await client.call('workspace.openSample', {})
    bench.load = () => Promise.reject(new GuardhouseError('module-failed', 'the scan did not end'))
  })

  test('leaves the one before it open', async () => {
    const path = bench.folder()
    bench.trust.trust(path)
    await expect(client.call('workspace.open', { path })).rejects.toMatchObject({ kind: 'module-failed' })
    await expect(client.call('workspace.get', {})).resolves.toMatchObject({ state: 'ready', sample: true })
    expect(bench.loaded[0]?.disposed).toBe(false)
  })

  test('is shown as failed when there was none, and a reload tries again', async () => {
    const path = bench.folder()
    await client.call('workspace.open', { path })
    await expect(client.call('workspace.trust', { path })).rejects.toMatchObject({ kind: 'module-failed' })
    await expect(client.call('workspace.get', {})).resolves.toMatchObject({ state: 'failed', path })
    bench.load = async (again) => new FakeWorkspace(again)
    await expect(client.call('workspace.reload', {})).resolves.toMatchObject({ state: 'ready', path, error: null })
  })
})

test('opening another folder closes the one before', async () => {
  await client.call('workspace.openSample', {})
  await client.call('workspace.open', { path: bench.folder() })
  expect(bench.loaded[0]?.disposed).toBe(true)
  expect(operations()).toEqual([])
})

test('while a folder loads, the one before it goes on and its changes still count', async () => {
  await client.call('workspace.openSample', {})
  const goOn = holdLoading()
  const path = bench.folder()
  bench.trust.trust(path)
  const opening = client.call('workspace.open', { path })
  await expect.poll(() => client.call('workspace.get', {})).toMatchObject({ state: 'loading', path })
  bench.loaded[0]?.change([moduleReport('sums.ops.ts', ['add'])])
  expect(operations()).toEqual(['add'])
  goOn()
  await expect(opening).resolves.toMatchObject({ state: 'ready', path })
  expect(bench.loaded[0]?.disposed).toBe(true)
})

test('what is asked for meanwhile waits its turn, and the last one asked for is open in the end', async () => {
  const goOn = holdLoading()
  const [first, second] = [bench.folder(), bench.folder()]
  bench.trust.trust(first)
  bench.trust.trust(second)
  const opened = Promise.all([
    client.call('workspace.open', { path: first }),
    client.call('workspace.open', { path: '/nowhere' }).catch((error: GuardhouseError) => error.kind),
    client.call('workspace.open', { path: second }),
  ])
  goOn()
  await expect(opened).resolves.toMatchObject([{ path: first }, 'not-found', { path: second }])
  await expect(client.call('workspace.get', {})).resolves.toMatchObject({ state: 'ready', path: second })
})

test('a changed module changes what can run, and is told with a growing generation', async () => {
  const generations: number[] = []
  await client.subscribe('events', {}, (event: HostEvent) => {
    if (event.kind === 'workspace-changed') generations.push(event.generation)
  })
  await client.call('workspace.openSample', {})
  bench.loaded[0]?.change([moduleReport('sums.ops.ts', ['add', 'multiply'])])
  expect(operations()).toEqual(['add', 'multiply'])
  const { generation } = await client.call('workspace.get', {})
  await expect.poll(() => generations.at(-1)).toBe(generation)
  expect(generations).toEqual([...new Set(generations)].sort((a, b) => a - b))
})

test('operations tell where they are written, and what became of those whose module is broken or gone', async () => {
  await client.call('workspace.openSample', {})
  const listed = async () => {
    const { operations: list } = await client.call('operations.list', {})
    return Object.fromEntries(list.map(({ operation, availability, module }) => [operation, { availability, module }]))
  }
  await expect(listed()).resolves.toMatchObject({ add: { availability: 'available', module: 'sums.ops.ts' } })

  // The engine keeps what it knew of operations that can no longer run.
  const known = bench.scheduler.reports.operations()
  bench.scheduler.reports.operations = () => known
  bench.loaded[0]?.change([failedReport('sums.ops.ts')])
  await expect(listed()).resolves.toMatchObject({ add: { availability: 'failed', module: 'sums.ops.ts' } })
  await expect(client.call('workspace.get', {})).resolves.toMatchObject({
    modules: [{ state: 'failed', error: { kind: 'module-failed' } }],
  })
  bench.loaded[0]?.change([])
  await expect(listed()).resolves.toMatchObject({ add: { availability: 'gone', module: 'sums.ops.ts' } })
})

function fileIn(folder: string): string {
  const path = join(folder, 'file.txt')
  writeFileSync(path, 'not a folder')
  return path
}

/** The superuser may read everything; continuous integration often runs as one. */
function giveUpSuperuser(): () => void {
  if (process.geteuid?.() !== 0) return () => undefined
  const nobody = 65534
  process.seteuid?.(nobody)
  return () => process.seteuid?.(0)
}
