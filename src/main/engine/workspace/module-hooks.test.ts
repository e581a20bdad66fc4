import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { inThread, type ThreadReport } from './in-thread.fixture.ts'
import { versionedUrl } from './module-version.ts'
import { TemporaryFolder } from './temporary-folder.fixture.ts'

const header = "import { taskTokenGuard, context } from 'guardhouse'\n"

let folder: TemporaryFolder

beforeEach(() => {
  folder = new TemporaryFolder()
})

afterEach(() => {
  folder[Symbol.dispose]()
})

/** Imports the modules, at version 1 unless they say otherwise, and calls each operation type without arguments. */
function run(modules: readonly string[], calls: readonly string[], extra: object = {}): Promise<ThreadReport> {
  const moduleUrls = modules.map((module) => {
    const [path = '', version = '1'] = module.split('?')
    return versionedUrl(join(folder.path, path), version)
  })
  return inThread({ moduleUrls, calls: calls.map((operationType) => ({ operationType })), ...extra })
}

function reasonOf(result: PromiseSettledResult<unknown> | undefined): Error {
  if (result?.status !== 'rejected' || !(result.reason instanceof Error)) throw new Error('it did not fail')
  return result.reason
}

function valuesOf({ results }: ThreadReport): unknown[] {
  return results.map((result) => (result.status === 'fulfilled' ? result.value : result.reason))
}

const typescript = `${header}
import { unit } from './lib/unit.ts'
export const a = taskTokenGuard({ operationType: 'a' })((value: number = 2): string => \`\${value}\${unit}\`)
export const token = taskTokenGuard({ operationType: 'token' })(() => context().operationType)
`

describe('modules of a workspace', () => {
  test('load as TypeScript with helpers, without a build step', async () => {
    folder.write('a.ops.ts', typescript)
    folder.write('lib/unit.ts', "export const unit: string = 'px'")
    expect(valuesOf(await run(['a.ops.ts'], ['a', 'token']))).toEqual(['2px', 'token'])
  })

  test('load where the runtime cannot strip types', async () => {
    folder.write('a.ops.mts', typescript)
    folder.write('lib/unit.ts', "export const unit: string = 'px'")
    const report = await run(['a.ops.mts'], ['a'], { withoutTypeStripping: true })
    expect(valuesOf(report)).toEqual(['2px'])
  })

  test('may use enums, parameter properties and namespaces', async () => {
    folder.write(
      'a.ops.ts',
      `${header}
      enum Mode { One = 1, Two }
      namespace Names { export const two = 'two' }
      class Pair { constructor(readonly left: Mode, private right = Names.two) {} text() { return this.left + this.right } }
      export const a = taskTokenGuard({ operationType: 'a' })(() => new Pair(Mode.Two).text())`,
    )
    expect(valuesOf(await run(['a.ops.ts'], ['a']))).toEqual(['2two'])
  })

  test.each(['ts', 'js'])('may use decorators in .%s, with the class or one instance as this', async (extension) => {
    folder.write(
      `a.ops.${extension}`,
      `${header}
      let made = 0
      export class Counter {
        static label = 'counter'
        count = 0
        constructor() { made += 1 }
        @taskTokenGuard({ operationType: 'static' }) static async name() { return this.label }
        @taskTokenGuard({ operationType: 'next' }) async next() { return ++this.count }
        @taskTokenGuard({ operationType: 'made' }) static async instances() { return made }
      }`,
    )
    const report = await run([`a.ops.${extension}`], ['made', 'static', 'next', 'next', 'made'])
    expect(valuesOf(report)).toEqual([0, 'counter', 1, 2, 1])
    expect(Object.fromEntries(report.exported[0] ?? [])).toEqual({
      static: 'Counter.name',
      made: 'Counter.instances',
      next: 'Counter.prototype.next',
    })
  })

  test.each([
    ['stripped', ''],
    ['compiled', 'enum Unused { One }'],
  ])('keep their positions in errors when %s', async (_how, extra) => {
    folder.write(
      'a.ops.ts',
      `${header}
interface Options {
  readonly deep: boolean
}
export const a = taskTokenGuard({ operationType: 'a' })((options?: Options): number => {
  throw new RangeError('boom')
})
${extra}`,
    )
    const { results } = await run(['a.ops.ts'], ['a'])
    const reason = reasonOf(results[0])
    expect(reason.message).toBe('boom')
    expect(reason.stack).toMatch(/a\.ops\.ts(\?v=1)?:7:9\)?$/m)
  })

  test('are new when their version is, together with their helpers', async () => {
    folder.write('lib/unit.ts', 'let count: number = 0\nexport const next = (): number => ++count')
    const module = `${header}import { next } from './lib/unit.ts'\n`
    folder.write('a.ops.ts', `${module}export const a = taskTokenGuard({ operationType: 'a' })(() => next())`)
    folder.write('b.ops.ts', `${module}export const b = taskTokenGuard({ operationType: 'b' })(() => next())`)
    // Both share the helper of their version.
    expect(valuesOf(await run(['a.ops.ts', 'b.ops.ts'], ['a', 'b']))).toEqual([1, 2])
    expect(valuesOf(await run(['a.ops.ts', 'b.ops.ts?2'], ['a', 'b']))).toEqual([1, 1])
  })

  test('may import CommonJS helpers and installed packages, which keep loading as they always do', async () => {
    folder.write('helper.cjs', "module.exports = { unit: require('unit') }")
    folder.write('plain.js', 'exports.three = 3')
    folder.write('node_modules/unit/index.js', "module.exports = 'px'")
    folder.write('node_modules/point/package.json', '{ "type": "module", "exports": "./index.js" }')
    folder.write('node_modules/point/index.js', 'export const point = 1 // someone@example.com')
    folder.write(
      'a.ops.js',
      `${header}
      import helper from './helper.cjs'
      import plain from './plain.js'
      import { point } from 'point'
      export const a = taskTokenGuard({ operationType: 'a' })(() => [helper.unit, plain.three, point])`,
    )
    expect(valuesOf(await run(['a.ops.js'], ['a']))).toEqual([['px', 3, 1]])
  })

  test.each([
    ['./lib/unit', 'lib/unit.ts'],
    ['./lib/unit.js', 'lib/unit.ts'],
    ['./lib/unit.mjs', 'lib/unit.mts'],
    ['./lib', 'lib/index.ts'],
    ['./lib/', 'lib/index.ts'],
    ['./lib/unit.v2', 'lib/unit.v2.js'],
  ])('may import %s where %s is meant, as TypeScript reads it', async (specifier, path) => {
    folder.write(path, "export const unit = 'px'")
    folder.write(
      'a.ops.ts',
      `${header}import { unit } from '${specifier}'
      export const a = taskTokenGuard({ operationType: 'a' })(() => unit)`,
    )
    expect(valuesOf(await run(['a.ops.ts'], ['a']))).toEqual(['px'])
  })

  test('may import JSON without saying so twice', async () => {
    folder.write('sizes.json', '{ "small": 3 }')
    folder.write(
      'a.ops.ts',
      `${header}import sizes from './sizes.json'
      import again from './sizes.json' with { type: 'json' }
      export const a = taskTokenGuard({ operationType: 'a' })(() => [sizes.small, again === sizes])`,
    )
    expect(valuesOf(await run(['a.ops.ts'], ['a']))).toEqual([[3, true]])
  })

  test('may call operations of other modules, which become children', async () => {
    folder.write('a.ops.ts', `${header}export const a = taskTokenGuard({ operationType: 'a' })((n: number) => n + 1)`)
    folder.write(
      'b.ops.ts',
      `${header}import { a } from './a.ops.ts'
      export const b = taskTokenGuard({ operationType: 'b' })(async () => (await a(1)) + Number(await a(2)))`,
    )
    const report = await run(['b.ops.ts'], ['b'])
    expect(valuesOf(report)).toEqual([5])
    expect(report.submitted).toEqual(['b', 'a', 'a'])
  })
})
