import { parseAccelerator } from '../../shared/app-commands.ts'

/** What the matcher needs of a KeyboardEvent. */
export interface KeyPress {
  readonly key: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
  readonly shiftKey: boolean
}

export interface ShortcutBinding {
  readonly id: string
  readonly accelerator?: string | undefined
  readonly keys?: string | undefined
}

/** match: run `id`. prefix: the first keys of at least one sequence; wait. none: not ours. */
export type ShortcutMatch =
  | { readonly kind: 'match'; readonly id: string }
  | { readonly kind: 'prefix' }
  | { readonly kind: 'none' }

/** Time for the next key of a sequence, milliseconds. */
const sequenceMs = 1200

const none: ShortcutMatch = { kind: 'none' }

/** Matches keys against chords such as Ctrl+K, and against sequences of plain keys such as `g h`. */
export class ShortcutMatcher {
  readonly #mac: boolean
  #typed: readonly string[] = []
  #typedAt = 0

  constructor(platform: string) {
    this.#mac = platform === 'darwin'
  }

  /**
   * `plainKeys` is false where letters belong to somebody else: in a text field, a menu or a dialog. `now` in milliseconds.
   */
  press(bindings: readonly ShortcutBinding[], press: KeyPress, plainKeys: boolean, now: number): ShortcutMatch {
    const chord = bindings.find(
      (binding) => binding.accelerator !== undefined && this.#isChord(binding.accelerator, press),
    )
    if (chord !== undefined) {
      this.#typed = []
      return { kind: 'match', id: chord.id }
    }
    if (!plainKeys || press.ctrlKey || press.metaKey || press.altKey || isModifier(press.key)) return none
    return this.#type(bindings, press.key, now)
  }

  #type(bindings: readonly ShortcutBinding[], key: string, now: number): ShortcutMatch {
    const earlier = now - this.#typedAt <= sequenceMs ? this.#typed : []
    this.#typedAt = now
    // A key that does not go on with a sequence may begin one.
    for (const typed of earlier.length === 0 ? [[key]] : [[...earlier, key], [key]]) {
      const text = typed.join(' ')
      const match = bindings.find((binding) => binding.keys === text)
      if (match !== undefined) {
        this.#typed = []
        return { kind: 'match', id: match.id }
      }
      if (bindings.some((binding) => binding.keys?.startsWith(`${text} `) === true)) {
        this.#typed = typed
        return { kind: 'prefix' }
      }
    }
    this.#typed = []
    return none
  }

  #isChord(accelerator: string, press: KeyPress): boolean {
    const chord = parseAccelerator(accelerator)
    const main = this.#mac ? press.metaKey : press.ctrlKey
    const other = this.#mac ? press.ctrlKey : press.metaKey
    const key = press.key.length === 1 ? press.key.toLowerCase() : press.key
    // Signs such as + need Shift on some keyboards and not on others.
    const shiftMatters = key.length > 1 || /[a-z0-9]/.test(key)
    return (
      main === chord.commandOrControl &&
      !other &&
      press.altKey === chord.alt &&
      (!shiftMatters || press.shiftKey === chord.shift) &&
      key === chord.key
    )
  }
}

function isModifier(key: string): boolean {
  return key === 'Shift' || key === 'Control' || key === 'Alt' || key === 'Meta' || key === 'AltGraph'
}

const letterKeepers =
  'input:not([type=checkbox]):not([type=radio]):not([type=button]), textarea, select, [contenteditable], [role=menu], [role=listbox], [role=dialog], [role=alertdialog], [role=combobox]'

/** True where plain keys are free for shortcuts. */
export function plainKeysAreFree(target: EventTarget | null): boolean {
  return !(target instanceof Element) || target.closest(letterKeepers) === null
}
