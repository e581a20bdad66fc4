import { EventEmitter } from 'node:events'
import type { App, BrowserWindow } from 'electron'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { Quit, type QuitAnswer, type QuitQuestion, type UnfinishedWork } from './quit.ts'

class FakeApp extends EventEmitter {
  readonly exits: number[] = []

  exit(code = 0): void {
    this.exits.push(code)
  }

  /** Whether the event was held back. */
  holdsBack(event: string, emitter: EventEmitter = this): boolean {
    let held = false
    emitter.emit(event, { preventDefault: () => (held = true) })
    return held
  }
}

function application(work: UnfinishedWork | Error, platform: NodeJS.Platform = 'linux') {
  const app = new FakeApp()
  const signals = new EventEmitter()
  const log: string[] = []
  const questions: QuitQuestion[] = []
  const answers: PromiseWithResolvers<QuitAnswer>[] = []
  const drained = Promise.withResolvers<void>()
  const quit = new Quit({
    app: app as unknown as App,
    process: signals as unknown as NodeJS.Process,
    platform,
    unfinishedWork: () => (work instanceof Error ? Promise.reject(work) : Promise.resolve(work)),
    ask: (question) => {
      questions.push(question)
      const answer = Promise.withResolvers<QuitAnswer>()
      answers.push(answer)
      return answer.promise
    },
    stop: (mode) => {
      log.push(mode)
      if (mode === 'abort') drained.resolve()
      return drained.promise
    },
    release: async () => void log.push('release'),
  })
  return { app, signals, log, questions, answers, drained, quit }
}

const busy = { executing: 2, waiting: 40 }
const idle = { executing: 0, waiting: 0 }
const asked = (questions: readonly QuitQuestion[], times: number) =>
  expect.poll(() => questions.length, { interval: 1 }).toBe(times)

afterEach(() => vi.restoreAllMocks())

describe('quitting', () => {
  it('stops the scheduler, closes everything, then exits; without a question when nothing is left', async () => {
    const { app, log, questions } = application(idle)
    expect(app.holdsBack('before-quit')).toBe(true)
    await expect.poll(() => app.exits).toEqual([0])
    expect(log).toEqual(['abort', 'release'])
    expect(questions).toEqual([])
    expect(app.holdsBack('before-quit')).toBe(false)
  })

  it('asks once while there is work, however often somebody quits', async () => {
    const { app, questions } = application(busy)
    app.holdsBack('before-quit')
    app.holdsBack('before-quit')
    await asked(questions, 1)
    app.holdsBack('before-quit')
    expect(questions).toEqual([{ work: busy, draining: false }])
    expect(app.exits).toEqual([])
  })

  it('goes on as before when it is cancelled, and asks again the next time', async () => {
    const { quit, app, log, questions, answers } = application(busy)
    const first = quit.request()
    await asked(questions, 1)
    answers[0]?.resolve('cancel')
    await first
    expect([log, app.exits]).toEqual([[], []])
    void quit.request()
    await asked(questions, 2)
  })

  it('waits for the drain before it exits', async () => {
    const { quit, app, log, questions, answers, drained } = application(busy)
    const request = quit.request()
    await asked(questions, 1)
    answers[0]?.resolve('drain')
    await expect.poll(() => log).toEqual(['drain'])
    expect(app.exits).toEqual([])
    drained.resolve()
    await request
    expect(log).toEqual(['drain', 'release'])
    expect(app.exits).toEqual([0])
  })

  it('cuts a drain short when asked to, and exits once', async () => {
    const { quit, app, log, questions, answers } = application(busy)
    const first = quit.request()
    await asked(questions, 1)
    answers[0]?.resolve('drain')
    await expect.poll(() => log).toEqual(['drain'])
    const second = quit.request()
    await asked(questions, 2)
    expect(questions[1]).toEqual({ work: busy, draining: true })
    answers[1]?.resolve('stop')
    await Promise.all([first, second])
    expect(log).toEqual(['drain', 'abort', 'release'])
    expect(app.exits).toEqual([0])
  })

  it('exits when the drain ends while somebody is asked again', async () => {
    const { quit, app, log, questions, answers, drained } = application(busy)
    const first = quit.request()
    await asked(questions, 1)
    answers[0]?.resolve('drain')
    await expect.poll(() => log, { interval: 1 }).toEqual(['drain'])
    const second = quit.request()
    await asked(questions, 2)
    drained.resolve()
    await first
    answers[1]?.resolve('drain')
    await second
    expect(app.exits).toEqual([0])
  })

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'])('takes %s as an order, also while a question is open', async (signal) => {
    const { app, signals, log, questions, quit } = application(busy)
    void quit.request()
    await asked(questions, 1)
    signals.emit(signal)
    await expect.poll(() => app.exits).toEqual([0])
    expect(log).toEqual(['abort', 'release'])
  })

  it('does not let a scheduler that cannot be asked keep it from quitting', async () => {
    vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    const { quit, app } = application(new Error('no answer'))
    await quit.request()
    expect(app.exits).toEqual([0])
  })

  it.each([
    ['linux', true],
    ['win32', true],
    ['darwin', false],
  ] as const)('on %s is what closing the window asks for: %s', (platform, held) => {
    const { quit, app } = application(busy, platform)
    const window = new EventEmitter()
    quit.watchWindow(window as unknown as BrowserWindow)
    expect(app.holdsBack('close', window)).toBe(held)
  })

  it('listens to nothing once disposed', () => {
    const { quit, app, signals } = application(idle)
    quit[Symbol.dispose]()
    expect([...app.eventNames(), ...signals.eventNames()]).toEqual([])
  })
})
