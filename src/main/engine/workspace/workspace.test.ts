import { chmodSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import type { ModuleReport } from '../../../shared/model/operation.ts'
import { defaultFolderLimits } from './folder-snapshot.ts'
import { inThread, scanEntry, sdkEntry } from './in-thread.fixture.ts'
import { TemporaryFolder } from './temporary-folder.fixture.ts'
import { Workspace, type WorkspaceSettings } from './workspace.ts'

const disposables: Disposable[] = []

afterEach(() => {
  for (const disposable of disposables.splice(0).reverse()) disposable[Symbol.dispose]()
})

function folderWith(files: Readonly<Record<string, string>>): TemporaryFolder {
  const folder = new TemporaryFolder(files)
  disposables.push(folder)
  return folder
}

async function open(path: string, settings: Partial<WorkspaceSettings> = {}): Promise<Workspace> {
  const scanLimits = { timeLimit: 40_000, memoryLimit: 64 }
  const workspace = await Workspace.open(path, { scanEntry, sdkEntry, scanLimits, debounce: 20, ...settings })
  disposables.push(workspace)
  return workspace
}

/** A module with one operation that returns `result`. */
function moduleOf(operationType: string, result = '1'): string {
  return `import { taskTokenGuard } from 'guardhouse'
/** Returns ${result}. Always. */
export const operation = taskTokenGuard({ operationType: '${operationType}', tags: { weight: 'light' } })(
  (first: number, second = 2) => ${result},
)
`
}

function reportOf(workspace: Workspace, module: string): ModuleReport {
  const report = workspace.reports().find((candidate) => candidate.module === module)
  if (report === undefined) throw new Error(`${module} is not reported`)
  return report
}

function nextChange(workspace: Workspace): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const stop = workspace.onChange(() => {
    stop()
    resolve()
  })
  return promise
}

async function resultOf(workspace: Workspace, operationType: string): Promise<unknown> {
  const operation = workspace.runnable().find((candidate) => candidate.operationType === operationType)
  if (operation === undefined) throw new Error(`${operationType} cannot be run`)
  const report = await inThread({ moduleUrls: [operation.moduleUrl], calls: [{ operationType }] })
  const [result] = report.results
  return result?.status === 'fulfilled' ? result.value : result?.reason
}

describe('opening a workspace', () => {
  test('reads every operations module in it, with positions, parameters and descriptions', async () => {
    const folder = folderWith({ 'z.ops.mjs': moduleOf('z').replace(': number', ''), 'deep/a.ops.ts': moduleOf('a') })
    const workspace = await open(folder.path)
    expect(workspace.reports().map(({ module, state }) => [module, state])).toEqual([
      ['deep/a.ops.ts', 'loaded'],
      ['z.ops.mjs', 'loaded'],
    ])
    expect(reportOf(workspace, 'deep/a.ops.ts').operations).toEqual([
      {
        operationType: 'a',
        inspection: expect.objectContaining({ level: 'TRIVIAL', loops: 0 }),
        tags: { weight: 'light' },
        module: 'deep/a.ops.ts',
        exportName: 'operation',
        position: { file: join(folder.path, 'deep/a.ops.ts'), line: 3, column: 26 },
        parameters: ['first', 'second'],
        description: 'Returns 1.',
      },
    ])
    expect(reportOf(workspace, 'z.ops.mjs').hash).toMatch(/^[0-9a-f]{64}$/)
    expect(workspace.notices()).toEqual([])
    expect(await resultOf(workspace, 'a')).toBe(1)
  })

  test('attributes an operation to the module that declares it, also when others import it', async () => {
    const folder = folderWith({
      'a.ops.ts': moduleOf('a'),
      'b.ops.ts': `${moduleOf('b')}\nexport { operation as borrowed } from './a.ops.ts'`,
      'factory.ts': `import { taskTokenGuard } from 'guardhouse'
        export const guard = (operationType: string) => taskTokenGuard({ operationType })(() => operationType)`,
      'c.ops.ts': `import { guard } from './factory.ts'\n/** Made elsewhere. */\nexport const c = guard('c')\n`,
    })
    const workspace = await open(folder.path)
    const types = workspace.reports().map(({ operations }) => operations.map(({ operationType }) => operationType))
    expect(types).toEqual([['a'], ['b'], ['c']])
    const [made] = reportOf(workspace, 'c.ops.ts').operations
    expect(made).toMatchObject({ position: { line: 3, column: 18 }, description: 'Made elsewhere.' })
  })

  test('stops looking at its limits and says so', async () => {
    const folder = folderWith({ 'a.ops.ts': moduleOf('a'), 'x/b.ops.ts': moduleOf('b') })
    const workspace = await open(folder.path, { folderLimits: { ...defaultFolderLimits, depth: 0 } })
    expect(workspace.reports()).toHaveLength(1)
    expect(workspace.notices()).toEqual([expect.stringContaining('more than 0 levels deep')])
  })

  test.each([
    ['', 'bad-request', /path is empty/],
    ['/nowhere/at/all', 'not-found', /there is no folder \/nowhere\/at\/all/],
    [import.meta.filename, 'bad-request', /is a file; a workspace is a folder/],
    [join(import.meta.filename, 'below'), 'not-found', /there is no folder/],
  ])('at %j is refused with one clear sentence', async (path, kind, message) => {
    await expect(open(path)).rejects.toMatchObject({ kind, message: expect.stringMatching(message) })
  })

  test('of a folder that may not be read is refused', async () => {
    const folder = folderWith({ 'closed/a.ops.ts': moduleOf('a') })
    const closed = join(folder.path, 'closed')
    chmodSync(folder.path, 0o755)
    chmodSync(closed, 0o000)
    // The superuser reads everything, so act as somebody else for a moment.
    const superuser = process.geteuid?.() === 0
    if (superuser) process.seteuid?.(65_534)
    try {
      const refusal = { kind: 'not-allowed', message: expect.stringContaining('may not be read') }
      await expect(open(closed)).rejects.toMatchObject(refusal)
    } finally {
      if (superuser) process.seteuid?.(0)
      chmodSync(closed, 0o755)
    }
  })

  test('of a folder without operations says so, and the first one appears when it is saved', async () => {
    const folder = folderWith({ 'readme.md': 'nothing here', 'code.ts': '' })
    const workspace = await open(folder.path)
    expect(workspace.reports()).toEqual([])
    expect(workspace.notices()).toEqual([expect.stringContaining('holds no operations yet')])
    folder.write('first.ops.ts', moduleOf('first'))
    await expect.poll(() => workspace.runnable().map(({ operationType }) => operationType)).toEqual(['first'])
    expect(workspace.notices()).toEqual([])
  })
})

describe('a module that does not load', () => {
  const broken: Readonly<Record<string, readonly [string, RegExp]>> = {
    'syntax.ops.ts': ['const a = 1\nconst b: number = ;\n', /^syntax\.ops\.ts:2:19: .*\nconst b: number = ;\n {18}\^$/],
    'plain.ops.js': ['const a = 1\nconst b = ;\n', /^plain\.ops\.js:2:11: .*\nconst b = ;\n {10}\^$/],
    'decorated.ops.ts': ['class A {\n  @x run() {\n', /^decorated\.ops\.ts:3:1: /],
    'helper.ops.ts': ["import './broken.ts'", /^broken\.ts:1:7: .*\nconst = 1\n/],
    'missing.ops.ts': ["import './nothing.ts'", /Cannot find module .*nothing\.ts/],
    'export.ops.ts': ["import { x } from './fine.ts'", /^export\.ops\.ts:1:10: .*does not provide an export named 'x'/],
    'throws.ops.ts': ["\nthrow new TypeError('oh no')", /^throws\.ops\.ts:2:7: TypeError: oh no$/],
    'odd.ops.ts': ["throw 'text'", /^text$/],
    'options.ops.ts': [
      moduleOf('o').replace("'light'", "'hevy'"),
      /^options\.ops\.ts:3:26: .*one of heavy, medium, light, not "hevy"/,
    ],
    'exits.ops.ts': ['process.exit(3)', /called process\.exit\(3\)/],
    'exits-well.ops.ts': ['process.exit(0)', /called process\.exit\(0\)/],
    'waits.ops.ts': ['await new Promise(() => {})', /never finishes loading/],
    'hoards.ops.ts': ['const all: object[] = []; for (;;) all.push({ at: all.length })', /used more than 64 MiB/],
    'later.ops.ts': [
      "queueMicrotask(() => { throw new Error('later') }); await new Promise(() => setTimeout(() => {}, 1e6))",
      /later/,
    ],
    'empty.ops.ts': ['export const nothing = 1', /declares no operation/],
    'calls.ops.ts': [
      `${moduleOf('c')}await operation(1)`,
      /^calls\.ops\.ts:6:7: 'c' was called while its module was loading/,
    ],
    'hidden.ops.ts': [
      "import { taskTokenGuard } from 'guardhouse'\nclass A { @taskTokenGuard({ operationType: 'h' }) async run() {} }",
      /class of the instance method 'h' is not exported/,
    ],
    'common.ops.js': ["require('guardhouse')", /require is not defined/],
  }

  test('is reported with what is wrong, and the others still load', async () => {
    const files = Object.fromEntries(Object.entries(broken).map(([path, [text]]) => [path, text]))
    const folder = folderWith({
      ...files,
      'broken.ts': 'const = 1',
      'fine.ts': 'export {}',
      'good.ops.ts': moduleOf('good'),
    })
    const workspace = await open(folder.path)
    for (const [module, [, message]] of Object.entries(broken)) {
      const report = reportOf(workspace, module)
      expect(report, module).toMatchObject({ state: 'failed', operations: [] })
      expect(report.error, module).toMatchObject({ kind: 'module-failed', message: expect.stringMatching(message) })
    }
    expect(workspace.runnable().map(({ operationType }) => operationType)).toEqual(['good'])
  })

  test('is told apart from others even if it loops for ever', async () => {
    // Long enough for the good one to load beside a loop, also on a busy machine.
    const folder = folderWith({ 'loops.ops.ts': 'for (;;);', 'good.ops.ts': moduleOf('good') })
    const workspace = await open(folder.path, { scanLimits: { timeLimit: 6_000, memoryLimit: 64 } })
    expect(reportOf(workspace, 'loops.ops.ts').error?.message).toBe('the module did not finish loading within 6 s')
    expect(reportOf(workspace, 'good.ops.ts').state).toBe('loaded')
  })

  test('fails when an earlier module, or the module itself, declares the same operation', async () => {
    const folder = folderWith({
      'a.ops.ts': moduleOf('same'),
      'b.ops.ts': `${moduleOf('other')}${moduleOf('same').split('\n').slice(2).join('\n').replace('operation =', 'again =')}`,
      'c.ops.ts': `${moduleOf('c')}taskTokenGuard({ operationType: 'c' })(() => 2)`,
    })
    const workspace = await open(folder.path)
    expect(reportOf(workspace, 'a.ops.ts').state).toBe('loaded')
    expect(reportOf(workspace, 'b.ops.ts').error?.message).toBe("the operation 'same' is already declared in a.ops.ts")
    expect(reportOf(workspace, 'c.ops.ts').error?.message).toContain("the operation 'c' is declared twice")
    expect(workspace.runnable()).toHaveLength(1)
  })
})

describe('a workspace whose files change', () => {
  test('reads them again, under new URLs', async () => {
    const folder = folderWith({ 'a.ops.ts': moduleOf('a', '1'), 'b.ops.ts': moduleOf('b') })
    const workspace = await open(folder.path)
    const [before] = workspace.runnable()
    const changed = nextChange(workspace)
    folder.write('a.ops.ts', moduleOf('a', '"new"'))
    await changed
    expect(workspace.runnable()[0]?.moduleUrl).not.toBe(before?.moduleUrl)
    expect(await resultOf(workspace, 'a')).toBe('new')
    expect(reportOf(workspace, 'a.ops.ts').operations[0]?.description).toBe('Returns "new".')
  })

  test('notices a changed helper', async () => {
    const folder = folderWith({
      'a.ops.ts': moduleOf('a', 'unit').replace("'guardhouse'", "'guardhouse'\nimport { unit } from './lib/unit.ts'"),
      'lib/unit.ts': "export const unit = 'px'",
    })
    const workspace = await open(folder.path)
    expect(await resultOf(workspace, 'a')).toBe('px')
    const changed = nextChange(workspace)
    folder.write('lib/unit.ts', "export const unit = 'em'")
    await changed
    expect(await resultOf(workspace, 'a')).toBe('em')
  })

  test('sees modules appear, break, move and disappear', async () => {
    const folder = folderWith({ 'a.ops.ts': moduleOf('a') })
    const workspace = await open(folder.path)
    const states = () => workspace.reports().map(({ module, state }) => `${module} ${state}`)

    let changed = nextChange(workspace)
    folder.write('new.folder/b.ops.ts', moduleOf('b'))
    await changed
    expect(states()).toEqual(['a.ops.ts loaded', 'new.folder/b.ops.ts loaded'])

    changed = nextChange(workspace)
    folder.write('new.folder/b.ops.ts', 'broken(')
    await changed
    expect(states()).toEqual(['a.ops.ts loaded', 'new.folder/b.ops.ts failed'])

    changed = nextChange(workspace)
    renameSync(join(folder.path, 'a.ops.ts'), join(folder.path, 'moved.ops.ts'))
    await changed
    expect(states()).toEqual(['moved.ops.ts loaded', 'new.folder/b.ops.ts failed'])

    changed = nextChange(workspace)
    folder.remove('new.folder')
    await changed
    expect(states()).toEqual(['moved.ops.ts loaded'])
  })

  test('stays as it is when nothing but data changes', async () => {
    const folder = folderWith({ 'a.ops.ts': moduleOf('a') })
    const workspace = await open(folder.path)
    const { version } = workspace
    const changed = nextChange(workspace)
    folder.write('results.log', 'one line')
    folder.write('a.ops.ts', moduleOf('a'))
    folder.write('b.ops.ts', moduleOf('b'))
    await changed
    expect(workspace.version).not.toBe(version)
    expect(workspace.reports()).toHaveLength(2)
  })

  test('reads everything again when told to, although nothing changed', async () => {
    const folder = folderWith({ 'a.ops.ts': moduleOf('a') })
    const workspace = await open(folder.path)
    const { version } = workspace
    await workspace.reload()
    expect(workspace.version).not.toBe(version)
    expect(workspace.runnable()).toHaveLength(1)
  })

  test('keeps what it knows when it is disposed, and is silent from then on', async () => {
    const folder = folderWith({ 'a.ops.ts': moduleOf('a') })
    const workspace = await open(folder.path)
    const changes: string[] = []
    workspace.onChange(() => changes.push('changed'))
    workspace.dispose()
    folder.write('a.ops.ts', moduleOf('a', '2'))
    await workspace.reload()
    expect(changes).toEqual([])
    expect(workspace.runnable()).toHaveLength(1)
  })
})

test('ten thousand operations are found, named and told apart', async () => {
  const half = (from: number) => `import { taskTokenGuard } from 'guardhouse'
for (let number = ${from}; number < ${from + 5000}; number++) taskTokenGuard({ operationType: 'many.' + number })(() => number)
`
  const workspace = await open(folderWith({ 'first.ops.ts': half(0), 'second.ops.ts': half(5000) }).path)
  const names = workspace.runnable().map((operation) => operation.operationType)
  expect(new Set(names).size).toBe(10_000)
  expect(workspace.notices()).toEqual([])
})
