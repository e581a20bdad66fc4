import { EventEmitter } from 'node:events'
import type { App } from 'electron'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { setupUnexpectedErrors, setupWindowRecovery } from './crash.ts'
import { pageAddress } from './page-address.ts'

let complaints: string[]

beforeEach(() => {
  complaints = []
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => complaints.push(String(text)) > 0)
  return () => vi.restoreAllMocks()
})

function watchedApp() {
  const app = new EventEmitter()
  const state = { now: 0, reload: true }
  const log: string[] = []
  const recovery = setupWindowRecovery({
    app: app as unknown as App,
    page: pageAddress(),
    now: () => state.now,
    askToReload: async () => {
      log.push('ask')
      return state.reload
    },
    quit: () => log.push('quit'),
  })
  const contents = {
    isDestroyed: () => false,
    getURL: () => 'app://guardhouse/index.html#/tokens',
    loadURL: async (url: string) => void log.push(url),
  }
  const crash = (reason = 'crashed') => app.emit('render-process-gone', {}, contents, { reason, exitCode: 5 })
  return { app, state, log, recovery, crash }
}

const recovered = 'app://guardhouse/index.html?recovered#/tokens'

describe('window recovery', () => {
  it('reloads the page once, at the same place, and tells it why', () => {
    const { crash, log } = watchedApp()
    crash()
    expect(log).toEqual([recovered])
    expect(complaints.join('')).toContain('crashed, exit code 5')
  })

  it('asks at a second crash soon after, and does what the answer says', async () => {
    const { crash, log, state } = watchedApp()
    crash()
    state.now = 10_000
    crash('oom')
    await expect.poll(() => log).toEqual([recovered, 'ask', recovered])
    state.reload = false
    crash()
    await expect.poll(() => log).toEqual([recovered, 'ask', recovered, 'ask', 'quit'])
  })

  it('reloads by itself again after a calm minute', () => {
    const { crash, log, state } = watchedApp()
    crash()
    state.now = 61_000
    crash()
    expect(log).toEqual([recovered, recovered])
  })

  it('leaves a window alone that ended in order', () => {
    const { crash, log } = watchedApp()
    crash('clean-exit')
    expect(log).toEqual([])
  })

  it('writes down what else stopped', () => {
    const { app, log } = watchedApp()
    app.emit('child-process-gone', {}, { type: 'GPU', reason: 'crashed', exitCode: 1 })
    app.emit('child-process-gone', {}, { type: 'Utility', reason: 'clean-exit', exitCode: 0 })
    expect([complaints.length, log]).toEqual([1, []])
    expect(complaints[0]).toContain('GPU: crashed')
  })

  it('watches nothing once disposed', () => {
    const { app, recovery } = watchedApp()
    recovery[Symbol.dispose]()
    expect(app.eventNames()).toEqual([])
  })
})

describe('unexpected errors', () => {
  it('are all written down and shown once', () => {
    const processEvents = new EventEmitter()
    const shown: string[] = []
    const watching = setupUnexpectedErrors(processEvents as unknown as NodeJS.Process, {
      showErrorBox: (_title, text) => shown.push(text),
    })
    processEvents.emit('uncaughtException', new Error('the first'))
    processEvents.emit('unhandledRejection', 'the second')
    expect(complaints.map((text) => text.split('\n')[0])).toEqual([
      expect.stringContaining('the first'),
      expect.stringContaining('the second'),
    ])
    expect(shown).toEqual([expect.stringContaining('the first')])
    watching[Symbol.dispose]()
    expect(processEvents.eventNames()).toEqual([])
  })
})
