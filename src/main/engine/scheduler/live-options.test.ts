import { describe, expect, it } from 'vitest'
import { GuardhouseError } from '../../../shared/errors.ts'
import { LiveOptions, type OptionChange } from './live-options.ts'
import { TestScheduler } from './scheduler.fixture.ts'

function refusal(run: () => unknown): GuardhouseError {
  try {
    run()
  } catch (error) {
    if (error instanceof GuardhouseError) return error
    throw error
  }
  throw new Error('accepted')
}

describe('an option changed while the scheduler runs', () => {
  it('holds at once for whoever reads the options where they are used', () => {
    const options = new LiveOptions({})
    const { current } = options
    const changed = options.set({ killGraceMs: 5 })
    expect(changed).toEqual([{ name: 'killGraceMs', from: 1000, to: 5, applied: true }])
    expect(current.killGraceMs).toBe(5)
  })

  it('waits for the next start when threads and rings are made by it', () => {
    const options = new LiveOptions({})
    expect(options.set({ mailboxMax: 7 })).toMatchObject([{ name: 'mailboxMax', from: 100, to: 7, applied: false }])
    expect(options.current.mailboxMax).toBe(100)
    expect(options.infos().find((info) => info.name === 'mailboxMax')).toMatchObject({ value: 100, pending: 7 })
    expect(options.chosen).toEqual({ mailboxMax: 7 })
  })

  it('goes back to its default when it is set to null', () => {
    const options = new LiveOptions({ stealing: false })
    options.set({ stealing: null })
    expect(options.current.stealing).toBe(true)
    expect(options.chosen).toEqual({})
  })

  it('is told to whoever listens, once for all that changed together', () => {
    const options = new LiveOptions({})
    const heard: (readonly OptionChange[])[] = []
    options.onChange((changed) => heard.push(changed))
    options.set({ killGraceMs: 5, stealing: false })
    options.set({ killGraceMs: 5 })
    expect(heard.map((changed) => changed.map(({ name }) => name))).toEqual([['killGraceMs', 'stealing']])
  })

  it('is refused with its range, and then nothing of the same call is changed', () => {
    const options = new LiveOptions({})
    const error = refusal(() => options.set({ stealing: false, killGraceMs: -1 }))
    expect(error.kind).toBe('bad-request')
    expect(error.message).toContain('killGraceMs is -1, allowed is a whole number from 0 to 600000')
    expect(options.current.stealing).toBe(true)
  })

  it('is checked against what the next start will use, not against what holds now', () => {
    const options = new LiveOptions({ workersPerCore: 4, initialPattern: 3 })
    expect(refusal(() => options.set({ workersPerCore: 2 })).message).toContain('initialPattern is 3')
    options.set({ workersPerCore: 2, initialPattern: 1 })
    expect(options.infos().find((info) => info.name === 'workersPerCore')).toMatchObject({ value: 4, pending: 2 })
  })

  it('refuses names that there are not', () => {
    expect(refusal(() => new LiveOptions({}).set({ toString: 1 })).message).toBe('unknown option "toString"')
  })
})

describe('a running scheduler', () => {
  it('refuses by a new limit of waiting tokens, and takes them again once it is raised', async () => {
    await using scheduler = await TestScheduler.create({ started: false })
    scheduler.scheduler.liveOptions.set({ waitingMax: 1 })
    void scheduler.submit('noop')
    expect(refusal(() => scheduler.submit('noop')).kind).toBe('overloaded')
    scheduler.scheduler.liveOptions.set({ waitingMax: null })
    expect(scheduler.submit('noop').sequence).toBe(2)
  })

  it('gives a thread the new heap by replacing it', async () => {
    await using scheduler = await TestScheduler.create()
    await scheduler.submit('noop')
    const before = (await scheduler.readyWorker(1, 0)).threadId
    scheduler.scheduler.liveOptions.set({ workerHeapMiB: 64 })
    await scheduler.submit('noop')
    const after = await scheduler.readyWorker(1, 0)
    expect(after.threadId).not.toBe(before)
    expect(after.restarts).toBe(1)
  })
})
