import { afterEach, beforeEach, describe, expect, expectTypeOf, test } from 'vitest'
import { GuardhouseError } from '../../shared/errors.ts'
import {
  type OperationContext,
  type OperationRuntime,
  type RegisteredOperation,
  type RuntimeToken,
  registryKey,
  type TokenRequest,
} from '../../shared/model/runtime.ts'
import { context, type Guarded, type TaskToken, taskTokenGuard } from './index.ts'
import { installRuntime } from './runtime.ts'

/** Runs nothing; remembers what it was asked for and answers with the arguments. */
class RecordingRuntime implements OperationRuntime {
  readonly requests: TokenRequest[] = []
  running: OperationContext | null = null

  submit(request: TokenRequest): RuntimeToken {
    this.requests.push(request)
    return {
      accepted: Promise.resolve(`${request.operationType}-${this.requests.length}`),
      outcome: Promise.resolve(request.arguments),
      status: () => Promise.reject(new Error('not asked for')),
      kill: () => Promise.resolve(false),
    }
  }

  context(): OperationContext | null {
    return this.running
  }
}

let runtime: RecordingRuntime

beforeEach(() => {
  runtime = new RecordingRuntime()
  installRuntime(runtime)
})

afterEach(() => {
  installRuntime(undefined)
})

function registered(operationType: string): RegisteredOperation {
  const registry = (globalThis as { [registryKey]?: Map<string, RegisteredOperation> })[registryKey]
  const operation = registry?.get(operationType)
  if (operation === undefined) throw new Error(`${operationType} is not registered`)
  return operation
}

function methodContext(overrides: Partial<ClassMethodDecoratorContext>): ClassMethodDecoratorContext {
  const initializers: (() => void)[] = []
  return {
    kind: 'method',
    name: 'run',
    static: false,
    private: false,
    addInitializer: (initializer: () => void) => initializers.push(initializer),
    initializers,
    ...overrides,
  } as unknown as ClassMethodDecoratorContext
}

describe('a wrapped function', () => {
  test('makes a token and runs nothing here', async () => {
    const add = taskTokenGuard({ operationType: 'math.add' })((_left: number, _right: number): number => {
      throw new Error('must not run in the caller')
    })
    expect(await add(1, 2)).toEqual([1, 2])
    expect(runtime.requests).toEqual([{ operationType: 'math.add', arguments: [1, 2] }])
  })

  test('keeps the parameters and the awaited result in its type', () => {
    const guarded = taskTokenGuard({ operationType: 'typed' })(
      (count: number, name: string): number | Promise<number> => count + name.length,
    )
    expectTypeOf(guarded).toEqualTypeOf<Guarded<[count: number, name: string], number>>()
    expectTypeOf(guarded).toBeCallableWith(1, 'a')
    expectTypeOf<ReturnType<typeof guarded>>().toEqualTypeOf<TaskToken<number>>()
    expectTypeOf<Awaited<ReturnType<typeof guarded>>>().toEqualTypeOf<number>()
    const defaulted = taskTokenGuard({ operationType: 'defaulted' })(async (seconds = 5) => seconds * 2)
    expectTypeOf(defaulted).toEqualTypeOf<Guarded<[seconds?: number], number>>()
    const optional = taskTokenGuard({ operationType: 'optional' })(async (..._all: string[]) => 'x')
    expectTypeOf(optional).toEqualTypeOf<Guarded<string[], string>>()
  })

  test('carries its name, type and tags, and is registered with them', () => {
    const tags = { weight: 'heavy', timeout: 5 } as const
    const burn = taskTokenGuard({ operationType: 'cpu.burn', tags })(function burnForReal() {
      return 1
    })
    expect(burn.name).toBe('burnForReal')
    expect(burn.operationType).toBe('cpu.burn')
    expect(burn.tags).toEqual(tags)
    const operation = registered('cpu.burn')
    expect(operation.tags).toEqual(tags)
    expect(operation.run()).toBe(1)
    expect(operation.receiver()).toBeUndefined()
    expect(operation.declaredAt.split('\n').find((line) => line.includes(' at '))).toContain('task-token-guard.test.ts')
  })

  test('replaces an earlier declaration of the same name', () => {
    taskTokenGuard({ operationType: 'again' })(() => 1)
    taskTokenGuard({ operationType: 'again' })(() => 2)
    expect(registered('again').run()).toBe(2)
  })

  test('takes deadlines and buffers for single calls', () => {
    const guarded = taskTokenGuard({ operationType: 'with' })((_buffer: ArrayBuffer) => 1)
    const buffer = new ArrayBuffer(4)
    const call = guarded.withOptions({ timeout: 5, queueTimeout: 6, transfer: [buffer] })
    expectTypeOf(call).toEqualTypeOf<(buffer: ArrayBuffer) => TaskToken<number>>()
    call(buffer)
    const expected = { operationType: 'with', arguments: [buffer], timeout: 5, queueTimeout: 6, transfer: [buffer] }
    expect(runtime.requests).toEqual([expected])
    expect(() => guarded.withOptions({ timeout: -1 })).toThrow(/timeout must be/)
  })

  test('says how to get a coordinator when there is none', () => {
    installRuntime(undefined)
    const guarded = taskTokenGuard({ operationType: 'alone' })(() => 1)
    expect(() => guarded()).toThrow(
      expect.objectContaining({
        kind: 'no-coordinator',
        message: expect.stringContaining("'alone' was called"),
        hint: expect.stringMatching(/guardhouse serve.*connect\(\)/),
      }),
    )
  })

  test('refuses a token as an argument, which could not cross to a worker', () => {
    const guarded = taskTokenGuard({ operationType: 'chained' })((...values: unknown[]) => values)
    const first = guarded(1)
    expect(() => guarded(0, first)).toThrow(/argument 2 of 'chained' is a TaskToken/)
  })

  test.each([undefined, 5, 'text'])('refuses to wrap %s', (value) => {
    expect(() => taskTokenGuard({ operationType: 'odd' })(value as never)).toThrow(/'odd' wraps a/)
  })

  test('refuses to wrap a guarded function once more', () => {
    const guarded = taskTokenGuard({ operationType: 'inner' })(() => 1)
    expect(() => taskTokenGuard({ operationType: 'outer' })(guarded)).toThrow(/already guarded/)
  })

  test('refuses bad options at declaration', () => {
    expect(() => taskTokenGuard({ operationType: 'a', tags: { weight: 'hevy' as never } })).toThrow(GuardhouseError)
  })
})

describe('a decorated method', () => {
  test('becomes a call that makes a token, typed as the Promise it already was', () => {
    const decorate = taskTokenGuard({ operationType: 'images.resize' })
    const method = async (width: number) => width * 2
    const decorated = decorate(method, methodContext({}) as ClassMethodDecoratorContext<unknown, typeof method>)
    expectTypeOf(decorated).returns.toEqualTypeOf<TaskToken<number>>()
    decorated(3)
    expect(runtime.requests).toEqual([{ operationType: 'images.resize', arguments: [3] }])
  })

  test('gets its class as this when it is static', () => {
    class Images {}
    const decoration = methodContext({ static: true }) as ClassMethodDecoratorContext & { initializers: (() => void)[] }
    taskTokenGuard({ operationType: 'images.static' })(async () => 1, decoration)
    for (const initialize of decoration.initializers) initialize.call(Images)
    expect(registered('images.static').receiver()).toBe(Images)
  })

  test('says to export the class while the class of an instance method is unknown', () => {
    taskTokenGuard({ operationType: 'images.instance' })(async () => 1, methodContext({}))
    expect(() => registered('images.instance').receiver()).toThrow(
      /class of the instance method 'images.instance' is not exported/,
    )
  })

  test.each([
    ['legacy decorators', 'propertyName', /decorated in the legacy way/],
    ['a field', methodContext({ kind: 'field' as never }), /decorates a field/],
    ['a private method', methodContext({ private: true }), /decorates a private method/],
  ])('refuses %s', (_what, decoration, message) => {
    expect(() => taskTokenGuard({ operationType: 'odd' })(async () => 1, decoration as never)).toThrow(message)
  })
})

describe('context', () => {
  test('is the running operation', () => {
    runtime.running = { token: 'a-1' } as OperationContext
    expect(context().token).toBe('a-1')
  })

  test('throws outside of one', () => {
    expect(() => context()).toThrow(/outside of a running operation/)
    installRuntime(undefined)
    expect(() => context()).toThrow(/outside of a running operation/)
  })
})
