import { closeSync, openSync } from 'node:fs'
import { context, type TaskToken, taskTokenGuard } from 'guardhouse'
import { Board } from './board.fixture.ts'

/** Operations that tests run in real workers. Each does one thing that a token can do to its scheduler. */

const board = Board.inherited()

const outsideOfTokens = new Promise((resolve) => setTimeout(resolve, 0)).then(() => {
  try {
    return context().token
  } catch (error) {
    return error instanceof Error ? error.message : 'something else'
  }
})

type Guarded = (...values: never[]) => TaskToken<unknown>
const guarded = new Map<string, (...values: unknown[]) => TaskToken<unknown>>()

function declare(operationType: string, operation: (...values: never[]) => unknown): void {
  const call: Guarded = taskTokenGuard({ operationType })(operation)
  guarded.set(operationType, call as (...values: unknown[]) => TaskToken<unknown>)
}

function call(operationType: string, values: readonly unknown[]): TaskToken<unknown> {
  const operation = guarded.get(operationType)
  if (operation === undefined) throw new Error(`no test operation is called ${operationType}`)
  return operation(...values)
}

function nothing(): undefined {
  return undefined
}

// What ends by itself.
declare('noop', nothing)
declare('echo', (value: unknown) => value)
declare('echo.async', async (value: unknown) => value)
for (const weight of ['', '.heavy', '.light']) declare(`count${weight}`, count)

function count(number: number): number {
  board.markRun(number)
  return number
}

declare('count.async', async (number: number) => {
  await new Promise((resolve) => setImmediate(resolve))
  return count(number)
})

declare('fail', (message: string) => {
  throw new RangeError(message, { cause: new Error('the reason behind it') })
})

// What runs until the test lets it go.
for (const weight of ['', '.heavy', '.light']) declare(`hold${weight}`, hold)

/** Holds its thread and hears nothing meanwhile. */
function hold(gate: number): number {
  board.enter(gate)
  return gate
}

for (const weight of ['', '.heavy']) declare(`rest${weight}`, rest)

/** Waits and leaves its event loop to others meanwhile. */
async function rest(gate: number): Promise<number> {
  await board.enterAsync(gate)
  return gate
}

// What never ends by itself.
declare('obey', (gate: number) => {
  const { signal } = context()
  board.arrive(gate)
  while (!signal.aborted);
  throw signal.reason
})

/** Hears nothing until the gate opens, then obeys. */
declare('hold.then.obey', (gate: number) => {
  const { signal } = context()
  board.enter(gate)
  while (!signal.aborted);
  throw signal.reason
})

declare('listen', async (gate: number) => {
  const { signal } = context()
  board.arrive(gate)
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
  return 'a result that comes too late'
})

declare('burn', (cpuMs: number) => {
  const used = () => process.threadCpuUsage().user + process.threadCpuUsage().system
  for (const until = used() + cpuMs * 1000; used() < until; );
})

declare('spin', (gate: number) => {
  // Nothing in the loop: some built-in calls, repeated for ever, V8 never interrupts.
  board.arrive(gate)
  for (;;);
})

/** Waits for the other end of a named pipe, within a call that nothing interrupts. */
declare('open.pipe', (gate: number, path: string) => {
  board.arrive(gate)
  closeSync(openSync(path, 'r'))
})

declare('hang', async (gate: number) => {
  board.arrive(gate)
  await new Promise(nothing)
})

/** Never ends, but lets its event loop turn. */
declare('hang.yielding', async (gate: number) => {
  board.arrive(gate)
  for (;;) await new Promise((resolve) => setImmediate(resolve))
})

// What kills its thread.
declare('exit', (code: number) => process.exit(code))

declare('throw.later', async () => {
  setTimeout(() => {
    throw new RangeError('thrown by a timer')
  }, 0)
  await new Promise(nothing)
})

declare('reject.unheard', async () => {
  void Promise.reject(new RangeError('rejected and not heard'))
  await new Promise(nothing)
})

declare('throw.nothing.later', async () => {
  setTimeout(() => {
    throw undefined
  }, 0)
  await new Promise(nothing)
})

declare('exhaust', () => {
  const kept: object[] = []
  for (;;) kept.push({ at: kept.length })
})

/** Ends well, and leaves a timer behind that throws. */
declare('leave.a.bomb', () => {
  setTimeout(() => {
    throw new RangeError('thrown by what an ended token left behind')
  }, 0)
})

/** Ends well, and leaves a rejection behind that nobody hears. */
declare('leave.a.rejection', () => {
  void Promise.reject(new RangeError('rejected by what an ended token left behind'))
})

/** Ends when one gate opens, and leaves something behind that holds the thread until the other does. */
declare('leave.a.block', async (gate: number, behind: number) => {
  await board.enterAsync(gate)
  setImmediate(() => board.enter(behind))
})

// What goes in and out.
declare('bytes', (length: number) => new Uint8Array(length).fill(7))

declare('measure', (value: Uint8Array) => ({ bytes: value.byteLength, first: value[0], last: value.at(-1) }))

declare('return.function', () => nothing)

/** A result that defends itself against being looked at. */
declare('return.trap', () => ({
  get inside(): never {
    throw new Error('not yours')
  },
}))

declare('throw', (which: string) => {
  throw thrown(which)
})

function thrown(which: string): unknown {
  const circle = new Error('first', { cause: new Error('second') })
  if (circle.cause instanceof Error) circle.cause.cause = circle
  const object: { self?: unknown } = {}
  object.self = object
  const values: Readonly<Record<string, unknown>> = {
    text: 'just text',
    'an object': { code: 7 },
    'a cycle': object,
    'an error whose message throws': Object.defineProperty(new Error('hidden'), 'message', { get: fail }),
    'an error of errors in a circle': circle,
  }
  return values[which]
}

function fail(): never {
  throw new Error('not yours')
}

declare('describe', () => {
  const { token, operationType, attempt } = context()
  return { token, operationType, attempt }
})

declare('log', (lines: number) => {
  const { log } = context()
  for (let line = 0; line < lines; line++) log.info('line', line)
})

declare('log.long', (length: number) => context().log.info('x'.repeat(length)))

declare('log.much', (lines: number, length: number) => {
  for (let line = 0; line < lines; line++) context().log.info('x'.repeat(length))
})

declare('log.then.obey', (lines: number, gate: number) => {
  const { log, signal } = context()
  for (let line = 0; line < lines; line++) log.info('line', line)
  board.arrive(gate)
  while (!signal.aborted);
})

/** A lead with something to say before and after its child, which shares its thread. */
declare('lead.logs', async (operationType: string, ...values: unknown[]) => {
  context().log.info('before')
  await call(operationType, values)
  context().log.info('after')
})

declare('log.levels', () => {
  const { log } = context()
  log.debug('one', { two: 2 })
  log.info('three')
  log.warn('four')
  log.error(new Error('five'))
})

declare('console', () => {
  // biome-ignore lint/suspicious/noConsole: that an operation's console is its log is what is tested.
  console.log('said on the console', 1, { two: 2 })
  // biome-ignore lint/suspicious/noConsole: see above.
  console.error('complained on the console')
})

declare('progress', (gate: number) => {
  context().progress(0.25, 'a quarter')
  board.enter(gate)
})

declare('progress.of', (fraction: number) => context().progress(fraction))

declare('aborted', () => context().signal.aborted)

declare('tell.reason', async (gate: number, told: number) => {
  const { signal, log } = context()
  board.arrive(gate)
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
  const { kind, message } = signal.reason as { kind: string; message: string }
  log.info(`${kind}: ${message}`)
  board.arrive(told)
})

/** What a timer that the token did not make is told when it asks for the context. */
declare('context.later', async () => await outsideOfTokens)

// What makes other tokens.
declare('lead', async (operationType: string, ...values: unknown[]) => await call(operationType, values))

/** A lead that does something of its own before and after its child. */
declare('lead.slow', async (operationType: string, ...values: unknown[]) => {
  await new Promise((resolve) => setImmediate(resolve))
  const result = await call(operationType, values)
  await new Promise((resolve) => setImmediate(resolve))
  return result
})

/** A lead that waits for the test before it makes its child. */
declare('lead.between', async (gate: number, operationType: string, ...values: unknown[]) => {
  await board.enterAsync(gate)
  return await call(operationType, values)
})

declare('lead.function', async () => await call('echo', [nothing]))

declare('lead.many', async (operationType: string, numbers: readonly number[]) =>
  Promise.all(numbers.map((number) => call(operationType, [number]))),
)

/** Calls itself until `depth` is used up; each level counts its own number. */
declare('nest', async (depth: number, first: number): Promise<number> => {
  count(first + depth)
  if (depth === 0) return 0
  const below = await call('nest', [depth - 1, first])
  return Number(below) + 1
})

/** Starts a child and ends without waiting for it. */
declare('launch', async (operationType: string, ...values: unknown[]) => {
  await new Promise((resolve) => setImmediate(resolve))
  return await call(operationType, values).accepted
})

/** Starts a child and runs on for ever without letting it have the thread. */
declare('launch.then.spin', async (gate: number, operationType: string, ...values: unknown[]) => {
  void call(operationType, values)
  board.arrive(gate)
  for (;;);
})

declare('kill.child', async (operationType: string, gate: number) => {
  const child = call(operationType, [gate])
  await child.accepted
  while (board.arrived(gate) === 0) await new Promise((resolve) => setImmediate(resolve))
  const killed = await child.kill('its parent says so')
  const error = await child.then(nothing, (reason: unknown) => reason as { kind: string; message: string })
  return { killed, again: await child.kill('once more'), kind: error?.kind, message: error?.message }
})

declare('child.status', async (operationType: string, ...values: unknown[]) => {
  const child = call(operationType, values)
  await child
  return await child.status()
})

/** Awaits its child, then stands at a gate without holding its thread. */
declare('lead.then.rest', async (gate: number, operationType: string, ...values: unknown[]) => {
  await new Promise((resolve) => setImmediate(resolve))
  await call(operationType, values)
  await board.enterAsync(gate)
})

/** Awaits its child, then runs on for ever. */
declare('lead.then.spin', async (gate: number, operationType: string, ...values: unknown[]) => {
  await new Promise((resolve) => setImmediate(resolve))
  await call(operationType, values)
  board.arrive(gate)
  for (;;);
})
