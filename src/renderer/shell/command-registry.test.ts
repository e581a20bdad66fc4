import { describe, expect, it, vi } from 'vitest'
import { CommandRegistry } from './command-registry.ts'

describe('CommandRegistry', () => {
  it('lists a command once something carries it out', () => {
    const registry = new CommandRegistry()
    const isListed = () => registry.list().some((command) => command.id === 'go.tokens')
    expect(isListed()).toBe(false)
    const remove = registry.handle('go.tokens', { run: vi.fn() })
    expect(isListed()).toBe(true)
    remove()
    expect(isListed()).toBe(false)
  })

  it('lists what the desktop does by itself, and never runs it', () => {
    const registry = new CommandRegistry()
    expect(registry.list().find((command) => command.id === 'app.quit')).toMatchObject({ ours: false })
    expect(registry.run('app.quit')).toMatchObject({ ran: false })
  })

  it('says why a command cannot be run, and does not run it', () => {
    const registry = new CommandRegistry()
    const run = vi.fn()
    registry.handle('gate.pause', { run, disabledReason: () => 'It is paused already.' })
    expect(registry.run('gate.pause')).toEqual({ ran: false, reason: 'It is paused already.' })
    expect(registry.list().find(({ id }) => id === 'gate.pause')?.disabledReason).toBe('It is paused already.')
    expect(run).not.toHaveBeenCalled()
  })

  it('keeps the newer handler when the older one is taken off', () => {
    const registry = new CommandRegistry()
    const older = vi.fn()
    const newer = vi.fn()
    const removeOlder = registry.handle('go.tokens', { run: older })
    registry.handle('go.tokens', { run: newer })
    removeOlder()
    expect(registry.run('go.tokens')).toEqual({ ran: true })
    expect([older, newer].map((handler) => handler.mock.calls.length)).toEqual([0, 1])
  })

  it('puts the commands of the page first and tells of every change', () => {
    const registry = new CommandRegistry()
    const changed = vi.fn()
    registry.changes.subscribe(changed)
    const run = vi.fn()
    const remove = registry.add({ id: 'token.kill', title: 'Kill this token…', group: 'Token', keys: 'x', run })
    expect(registry.list()[0]).toMatchObject({ id: 'token.kill', group: 'Token', keys: 'x', ours: true })
    registry.run('token.kill')
    expect(run).toHaveBeenCalledOnce()
    remove()
    expect(changed).toHaveBeenCalledTimes(2)
  })
})
