import type { NativeTheme } from 'electron'
import { z } from 'zod'
import { type ThemeChoice, themeChoices } from '../../shared/window-bridge.ts'
import type { PersistedJson } from './persisted-json.ts'

export const themeState = z.strictObject({ theme: z.enum(themeChoices) })

/** The theme that title bar, menus, dialogs and the first moment of a window are drawn in, kept over restarts. */
export class Theme {
  readonly #native: Pick<NativeTheme, 'themeSource'>
  readonly #kept: PersistedJson<typeof themeState>
  #listener: (choice: ThemeChoice) => void = () => undefined

  constructor(native: Pick<NativeTheme, 'themeSource'>, kept: PersistedJson<typeof themeState>) {
    this.#native = native
    this.#kept = kept
    native.themeSource = this.choice
  }

  get choice(): ThemeChoice {
    return this.#kept.value.theme
  }

  /** `choice` as the page sent it; throws when it is none. */
  choose(choice: unknown): void {
    const theme = z.enum(themeChoices).parse(choice)
    this.#kept.set({ theme })
    this.#native.themeSource = theme
    this.#listener(theme)
  }

  onChosen(listener: (choice: ThemeChoice) => void): void {
    this.#listener = listener
  }
}
