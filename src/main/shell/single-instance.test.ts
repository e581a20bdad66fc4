import { EventEmitter } from 'node:events'
import type { App } from 'electron'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type LaunchRequest, parseLaunch } from './launch-request.ts'
import { claimSingleInstance, setupSecondInstance } from './single-instance.ts'

afterEach(() => vi.restoreAllMocks())

const jobs: LaunchRequest = { workspace: '/srv/jobs', trust: true, readOnly: false, journal: null, link: null }
const nothing: LaunchRequest = { workspace: null, trust: false, readOnly: false, journal: null, link: null }

describe('launch request', () => {
  it.each([
    [['/opt/Guardhouse/guardhouse'], nothing],
    [['electron', '.', '--inspect=0', '--no-sandbox'], nothing],
    [['electron', '.', '--workspace'], nothing],
    [['electron', '.', '--workspace='], nothing],
    [['electron', '.', '--workspace=/srv/jobs'], { ...nothing, workspace: '/srv/jobs' }],
    [['electron', '--workspace=../jobs', '--no-sandbox', '.'], { ...nothing, workspace: '/home/jobs' }],
    [
      ['electron', '.', '--trust', '--read-only'],
      { workspace: null, trust: true, readOnly: true, journal: null, link: null },
    ],
    [['electron', '.', '--no-journal'], { ...nothing, journal: false }],
    [['electron', '.', '--journal=kept.sqlite'], { ...nothing, journal: '/home/somebody/kept.sqlite' }],
    [['--trust', '.'], nothing],
    [['electron', '.', 'guardhouse://token/a_1'], { ...nothing, link: 'guardhouse://token/a_1' }],
    [['electron', '.', 'https://token/a_1'], nothing],
  ])('of %j is %j', (argv, request) => {
    expect(parseLaunch(argv, '/home/somebody')).toEqual(request)
  })
})

describe('single instance', () => {
  it('passes its request with the claim', () => {
    const claims: unknown[] = []
    const app = { requestSingleInstanceLock: (data: unknown) => claims.push(data) > 1 }
    expect(claimSingleInstance(app as unknown as App, jobs)).toBe(false)
    expect(claims).toEqual([jobs])
  })

  it('hands on the request of a second instance, and at least its wish to be seen when it cannot be read', () => {
    const complaint = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    const app = new EventEmitter()
    const requests: LaunchRequest[] = []
    const listening = setupSecondInstance(app as unknown as App, (request) => requests.push(request))
    app.emit('second-instance', {}, ['electron'], '/', jobs)
    app.emit('second-instance', {}, ['electron'], '/', { ...jobs, workspace: 42 })
    app.emit('second-instance', {}, ['electron'], '/', undefined)
    expect(requests).toEqual([jobs, nothing, nothing])
    expect(complaint).toHaveBeenCalledTimes(2)
    listening[Symbol.dispose]()
    expect(app.listenerCount('second-instance')).toBe(0)
  })
})
