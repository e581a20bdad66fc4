import { EventEmitter } from 'node:events'
import { launch } from '../process/this-launch.ts'

type ThemeSource = 'system' | 'light' | 'dark'

/** Electron's `nativeTheme`. The system is light, or dark under Chromium's switch --force-dark-mode. */
class NativeTheme extends EventEmitter<{ updated: [] }> {
  readonly shouldUseHighContrastColors = false
  readonly shouldUseInvertedColorScheme = false
  readonly inForcedColorsMode = false
  readonly prefersReducedTransparency = false
  readonly shouldDifferentiateWithoutColor = false
  #source: ThemeSource = 'system'
  #listeners = new Set<() => void>()

  get themeSource(): ThemeSource {
    return this.#source
  }

  set themeSource(source: ThemeSource) {
    if (!['system', 'light', 'dark'].includes(source))
      throw new TypeError('Error processing argument at index 0, conversion failure')
    if (source === this.#source) return
    this.#source = source
    for (const listener of this.#listeners) listener()
    setImmediate(() => this.emit('updated'))
  }

  get shouldUseDarkColors(): boolean {
    return this.forcedScheme === 'dark'
  }

  /** The colour scheme that pages must see; null leaves them Chromium's own, which is light. */
  get forcedScheme(): 'light' | 'dark' | null {
    if (this.#source !== 'system') return this.#source
    return launch.commandLine.hasSwitch('force-dark-mode') ? 'dark' : null
  }

  get shouldUseDarkColorsForSystemIntegratedUI(): boolean {
    return this.shouldUseDarkColors
  }

  /** Calls `listener` at every new source, before `updated`, until the returned function is called. */
  followSource(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}

export const nativeTheme = new NativeTheme()
