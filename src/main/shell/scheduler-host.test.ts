import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { GuardhouseError, toErrorData } from '../../shared/errors.ts'
import type { LaunchRequest } from './launch-request.ts'
import { type ControlThread, type LoopbackServer, SchedulerHost } from './scheduler-host.ts'

interface Request {
  readonly id: number
  readonly method: string
  readonly params: unknown
}

/** A control thread that answers from a table and remembers what it was asked. */
function controlThread(answers: Readonly<Record<string, unknown>> = {}) {
  const calls: Request[] = []
  const peers: string[] = []
  const shutdowns: string[] = []
  const ports: MessagePort[] = []
  const ended = Promise.withResolvers<{ completed: number; killed: number }>()
  const exitListeners: ((cause: GuardhouseError) => void)[] = []
  const control: ControlThread = {
    connect({ name, readOnly }) {
      const { port1, port2 } = new MessageChannel()
      peers.push(`${name}${readOnly ? ', read-only' : ''}`)
      ports.push(port1)
      port1.on('message', (request: Request) => {
        calls.push(request)
        const answer = answers[request.method]
        const body =
          answer instanceof Error ? { error: { message: '', data: toErrorData(answer) } } : { result: answer }
        if (answer !== undefined) port1.postMessage({ jsonrpc: '2.0', id: request.id, ...body })
        if (request.method === 'commands.kill') ended.resolve({ completed: 0, killed: 1 })
      })
      return port2
    },
    shutdown({ mode }) {
      shutdowns.push(mode)
      if (mode === 'abort') ended.resolve({ completed: 0, killed: 1 })
      return ended.promise
    },
    onExit(listener) {
      exitListeners.push(listener)
      return () => undefined
    },
  }
  return {
    control,
    calls,
    peers,
    shutdowns,
    die(cause: GuardhouseError) {
      for (const listener of exitListeners) listener(cause)
    },
    close() {
      for (const port of ports) port.close()
    },
  }
}

const request = (workspace: string | null): LaunchRequest => ({
  workspace,
  trust: false,
  readOnly: false,
  journal: null,
  link: null,
})

const cleanup: (() => void)[] = []

function host(thread: ReturnType<typeof controlThread> | Error, startServer?: () => Promise<LoopbackServer>) {
  const lost: unknown[] = []
  const served: string[] = []
  const start = async () => {
    served.push('started')
    return { beginStop: () => void served.push('stopping'), close: async () => void served.push('closed') }
  }
  const scheduler = new SchedulerHost({
    startControl: () => (thread instanceof Error ? Promise.reject(thread) : Promise.resolve(thread.control)),
    startServer: startServer ?? start,
    readOnly: true,
    onLost: (cause) => lost.push(cause),
  })
  if (!(thread instanceof Error)) cleanup.push(thread.close)
  return { scheduler, lost, served }
}

afterEach(() => {
  for (const close of cleanup.splice(0)) close()
  vi.restoreAllMocks()
})

describe('the scheduler as the shell holds it', () => {
  it('gives windows connections of their own', async () => {
    const thread = controlThread()
    const { scheduler } = host(thread)
    const port = await scheduler.connectWindow()
    expect(thread.peers).toEqual(['desktop', 'window, read-only'])
    port.close()
  })

  it('counts what has not ended, and not what failed', async () => {
    const tokens = {
      CREATED: 1,
      WAITING: 20,
      ADMITTED: 300,
      EXECUTING: 4,
      COMPLETED: 5,
      FAILED: 6,
      KILLED: 7,
      TIMEOUT: 8,
    }
    const { scheduler } = host(controlThread({ 'system.stats': { token_pool: { tokens_by_state: tokens } } }))
    expect(await scheduler.unfinishedWork()).toEqual({ executing: 4, waiting: 321 })
  })

  it('does not wait for ever for a control thread that does not answer', async () => {
    vi.useFakeTimers()
    try {
      const { scheduler } = host(controlThread())
      const refused = expect(scheduler.unfinishedWork()).rejects.toMatchObject({ kind: 'timeout' })
      await vi.advanceTimersByTimeAsync(5000)
      await refused
    } finally {
      vi.useRealTimers()
    }
  })

  it('passes on why a folder cannot be opened', async () => {
    const why = new GuardhouseError('not-found', '/nowhere does not exist', { hint: 'Choose another.' })
    const thread = controlThread({ 'workspace.open': why })
    await expect(host(thread).scheduler.openWorkspace(request('/nowhere'))).rejects.toMatchObject({
      kind: 'not-found',
      hint: 'Choose another.',
    })
    expect(thread.calls[0]?.params).toEqual({ path: '/nowhere' })
  })

  it('opens the sample when no folder is asked for', async () => {
    const thread = controlThread({ 'workspace.openSample': { state: 'ready', path: '/sample' } })
    await host(thread).scheduler.openWorkspace(request(null))
    expect(thread.calls.map(({ method }) => method)).toEqual(['workspace.openSample'])
  })

  it('trusts a folder only when the request says so', async () => {
    const untrusted = { state: 'untrusted', path: '/srv/jobs' }
    const thread = controlThread({ 'workspace.open': untrusted, 'workspace.trust': { ...untrusted, state: 'ready' } })
    const { scheduler } = host(thread)
    await scheduler.openWorkspace(request('/srv/jobs'))
    await scheduler.openWorkspace({ ...request('/srv/jobs'), trust: true })
    const methods = thread.calls.map(({ method }) => method)
    expect(methods).toEqual(['workspace.open', 'workspace.open', 'workspace.trust'])
  })

  it('stops at once, and lets nobody else in meanwhile', async () => {
    const thread = controlThread()
    const { scheduler, served } = host(thread)
    await scheduler.stop('abort')
    expect(thread.shutdowns).toEqual(['abort'])
    expect(served).toEqual(['started', 'stopping'])
  })

  it('cuts a drain short by killing what is left', async () => {
    const thread = controlThread({ 'commands.kill': {} })
    const { scheduler } = host(thread)
    const drain = scheduler.stop('drain')
    await expect.poll(() => thread.shutdowns).toEqual(['drain'])
    await scheduler.stop('abort')
    await drain
    expect(thread.calls.map(({ method }) => method)).toEqual(['commands.kill'])
    expect(thread.shutdowns).toEqual(['drain'])
  })

  it('closes its server when it is disposed', async () => {
    const { scheduler, served } = host(controlThread())
    await scheduler[Symbol.asyncDispose]()
    expect(served).toEqual(['started', 'closed'])
  })

  it('serves its windows also when the server cannot start, and says so', async () => {
    const complaint = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    const { scheduler, lost } = host(controlThread(), () => Promise.reject(new Error('no port')))
    const port = await scheduler.connectWindow()
    await scheduler[Symbol.asyncDispose]()
    expect(lost).toEqual([])
    expect(complaint).toHaveBeenCalledWith(expect.stringContaining('no port'))
    port.close()
  })

  it('tells when the control thread cannot start or dies', async () => {
    vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    const wrong = new GuardhouseError('bad-request', 'wrong option')
    const failed = host(wrong)
    await expect(failed.scheduler.connectWindow()).rejects.toBe(wrong)
    expect(failed.lost).toEqual([wrong])

    const thread = controlThread()
    const running = host(thread)
    await running.scheduler.connectWindow().then((port) => port.close())
    const death = new GuardhouseError('internal', 'it died')
    thread.die(death)
    expect(running.lost).toEqual([death])
  })
})
