import { createStore, type StoreApi } from 'zustand/vanilla'
import { type ThemeChoice, themeChoices, type WindowBridge } from '../../shared/window-bridge.ts'

const storageKey = 'guardhouse.theme'

/** Which theme the person chose. The colours themselves follow from it in tokens.css. */
export class Theme {
  readonly store: StoreApi<{ readonly choice: ThemeChoice }>
  readonly #page: Window

  constructor(page: Window) {
    this.#page = page
    const kept = page.localStorage.getItem(storageKey)
    const choice = themeChoices.find((name) => name === kept) ?? 'system'
    this.store = createStore(() => ({ choice }))
    this.#apply(choice)
  }

  choose(choice: ThemeChoice): void {
    this.#page.localStorage.setItem(storageKey, choice)
    this.store.setState({ choice })
    this.#apply(choice)
  }

  #apply(choice: ThemeChoice): void {
    const root = this.#page.document.documentElement
    if (choice === 'system') delete root.dataset.theme
    else root.dataset.theme = choice
    const bridge: WindowBridge | undefined = this.#page.guardhouse
    // The page looks right without the title bar; that it does not follow is no reason to bother anybody.
    bridge?.setTheme(choice).catch(() => undefined)
  }
}
