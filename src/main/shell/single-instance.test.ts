import { EventEmitter } from 'node:events'
import type { App } from 'electron'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type LaunchRequest, parseLaunch } from './launch-request.ts'
import { claimSingleInstance, setupSecondInstance } from './single-instance.ts'

afterEach(() => vi.restoreAllMocks())

describe('launch request', () => {
  it.each([
    [['/opt/Guardhouse/guardhouse'], null],
    [['electron', '.'], null],
    [['electron', '.', 'open'], null],
    [['electron', '.', 'open', '/work/jobs'], '/work/jobs'],
    [['electron', '.', 'open', 'jobs'], '/home/somebody/jobs'],
    [['electron', '.', 'open', '.'], '/home/somebody'],
    [['electron', '--inspect=0', '.', 'open', '--no-sandbox', '../jobs'], '/home/jobs'],
    [['guardhouse', 'open', 'open'], '/home/somebody/open'],
  ])('of %j asks for %s', (argv, workspace) => {
    expect(parseLaunch(argv, '/home/somebody')).toEqual({ workspace })
  })
})

describe('single instance', () => {
  it('passes its request with the claim', () => {
    const claims: unknown[] = []
    const app = { requestSingleInstanceLock: (data: unknown) => claims.push(data) > 1 }
    expect(claimSingleInstance(app as unknown as App, { workspace: '/work/jobs' })).toBe(false)
    expect(claims).toEqual([{ workspace: '/work/jobs' }])
  })

  it('hands on the request of a second instance, and at least its wish to be seen when it cannot be read', () => {
    const complaint = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    const app = new EventEmitter()
    const requests: LaunchRequest[] = []
    const listening = setupSecondInstance(app as unknown as App, (request) => requests.push(request))
    app.emit('second-instance', {}, ['electron'], '/', { workspace: '/work/jobs' })
    app.emit('second-instance', {}, ['electron'], '/', { workspace: 42 })
    app.emit('second-instance', {}, ['electron'], '/', undefined)
    expect(requests).toEqual([{ workspace: '/work/jobs' }, { workspace: null }, { workspace: null }])
    expect(complaint).toHaveBeenCalledTimes(2)
    listening[Symbol.dispose]()
    expect(app.listenerCount('second-instance')).toBe(0)
  })
})
