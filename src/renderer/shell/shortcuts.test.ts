import { describe, expect, it } from 'vitest'
import { appCommands } from '../../shared/app-commands.ts'
import { type KeyPress, type ShortcutBinding, ShortcutMatcher } from './shortcuts.ts'

const bindings: readonly ShortcutBinding[] = [
  { id: 'palette', accelerator: 'CommandOrControl+K' },
  { id: 'zoom', accelerator: 'CommandOrControl+Plus' },
  { id: 'home', keys: 'g h' },
  { id: 'tokens', keys: 'g t' },
  { id: 'help', keys: '?' },
]

function key(name: string, modifiers: Partial<KeyPress> = {}): KeyPress {
  return { key: name, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...modifiers }
}

function typed(keys: readonly (readonly [name: string, at: number])[], plainKeys = true) {
  const matcher = new ShortcutMatcher('linux')
  return keys.map(([name, at]) => matcher.press(bindings, key(name), plainKeys, at))
}

describe('ShortcutMatcher', () => {
  it('matches keys typed one after another', () => {
    expect(
      typed([
        ['g', 0],
        ['t', 300],
      ]),
    ).toEqual([{ kind: 'prefix' }, { kind: 'match', id: 'tokens' }])
  })

  it('forgets the first key after a while', () => {
    expect(
      typed([
        ['g', 0],
        ['t', 2000],
      ]),
    ).toEqual([{ kind: 'prefix' }, { kind: 'none' }])
  })

  it('begins anew with a key that does not go on', () => {
    expect(
      typed([
        ['g', 0],
        ['g', 100],
        ['h', 200],
      ]).at(-1),
    ).toEqual({ kind: 'match', id: 'home' })
    expect(
      typed([
        ['g', 0],
        ['x', 100],
        ['h', 200],
      ]).at(-1),
    ).toEqual({ kind: 'none' })
  })

  it('never takes letters out of a text field', () => {
    expect(
      typed(
        [
          ['g', 0],
          ['t', 100],
          ['?', 200],
        ],
        false,
      ),
    ).toEqual([{ kind: 'none' }, { kind: 'none' }, { kind: 'none' }])
  })

  it('matches a sign that needs Shift', () => {
    expect(new ShortcutMatcher('linux').press(bindings, key('?', { shiftKey: true }), true, 0)).toEqual({
      kind: 'match',
      id: 'help',
    })
  })

  it('matches chords in text fields too, whatever Shift does to signs', () => {
    const matcher = new ShortcutMatcher('linux')
    expect(matcher.press(bindings, key('k', { ctrlKey: true }), false, 0)).toEqual({ kind: 'match', id: 'palette' })
    expect(matcher.press(bindings, key('+', { ctrlKey: true, shiftKey: true }), false, 0)).toEqual({
      kind: 'match',
      id: 'zoom',
    })
    expect(matcher.press(bindings, key('K', { ctrlKey: true, shiftKey: true }), false, 0)).toEqual({ kind: 'none' })
    expect(matcher.press(bindings, key('k', { ctrlKey: true, altKey: true }), false, 0)).toEqual({ kind: 'none' })
  })

  it('wants Command on macOS and Control elsewhere', () => {
    const mac = new ShortcutMatcher('darwin')
    expect(mac.press(bindings, key('k', { metaKey: true }), true, 0)).toEqual({ kind: 'match', id: 'palette' })
    expect(mac.press(bindings, key('k', { ctrlKey: true }), true, 0)).toEqual({ kind: 'none' })
  })

  it('finds every command of the application by its keys, and no two by the same', () => {
    const listed: readonly ShortcutBinding[] = appCommands
    for (const command of listed.filter(({ keys }) => keys !== undefined)) {
      const matcher = new ShortcutMatcher('linux')
      const results = (command.keys ?? '')
        .split(' ')
        .map((name, index) => matcher.press(listed, key(name), true, index))
      expect(results.at(-1)).toEqual({ kind: 'match', id: command.id })
    }
  })
})
