import { describe, expect, it } from 'vitest'
import { type AppCommand, acceleratorKeys, appCommands, isPageCommand, parseAccelerator } from './app-commands.ts'

const commands: readonly AppCommand[] = appCommands

describe('application commands', () => {
  it('have one id and at most one meaning per key each', () => {
    const once = (values: readonly (string | undefined)[]) => {
      const present = values.filter((value) => value !== undefined)
      expect(new Set(present).size).toBe(present.length)
    }
    once(commands.map((command) => command.id))
    once(commands.map((command) => command.accelerator))
    once(commands.map((command) => command.keys))
  })

  it('never begin a key sequence with the whole of another', () => {
    const sequences = commands.flatMap((command) => command.keys ?? [])
    for (const one of sequences) {
      expect(sequences.filter((other) => other !== one && other.startsWith(`${one} `))).toEqual([])
    }
  })

  it('tell what the window carries out from what the native menu does', () => {
    expect(isPageCommand('sample.run')).toBe(true)
    expect(isPageCommand('app.quit')).toBe(false)
    expect(isPageCommand('rm -rf')).toBe(false)
    expect(isPageCommand(null)).toBe(false)
  })
})

describe('accelerators', () => {
  it('can be read, every one that is listed', () => {
    for (const { accelerator } of commands) {
      if (accelerator !== undefined) expect(parseAccelerator(accelerator).commandOrControl).toBe(true)
    }
  })

  it('are taken apart into modifiers and a key as the browser names it', () => {
    expect(parseAccelerator('CommandOrControl+Shift+P')).toEqual({
      commandOrControl: true,
      alt: false,
      shift: true,
      key: 'p',
    })
    expect(parseAccelerator('CommandOrControl+Plus').key).toBe('+')
    expect(parseAccelerator('CommandOrControl+-').key).toBe('-')
    expect(parseAccelerator('F11')).toEqual({ commandOrControl: false, alt: false, shift: false, key: 'F11' })
  })

  it('are shown as the platform writes them', () => {
    expect(acceleratorKeys('CommandOrControl+Shift+P', 'darwin')).toEqual(['⌘', '⇧', 'P'])
    expect(acceleratorKeys('CommandOrControl+Shift+P', 'linux')).toEqual(['Ctrl', 'Shift', 'P'])
    expect(acceleratorKeys('CommandOrControl+Plus', 'win32')).toEqual(['Ctrl', '+'])
  })

  it.each(['', 'Super+K', 'CommandOrControl+', 'Ctrl+K'])('are refused when they say %j', (accelerator) => {
    expect(() => parseAccelerator(accelerator)).toThrow('cannot read the accelerator')
  })
})
