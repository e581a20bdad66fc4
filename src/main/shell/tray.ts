import path from 'node:path'
import type { Menu, MenuItemConstructorOptions, Tray } from 'electron'
import { reportProblem } from './report-problem.ts'

/** What the tray tells. */
export interface TrayFacts {
  readonly executing: number
  readonly waiting: number
  readonly failed: number
  readonly paused: boolean
}

export interface TrayDependencies {
  readonly Tray: new (image: string) => Tray
  readonly Menu: Pick<typeof Menu, 'buildFromTemplate'>
  /** Folder of the application's resources. */
  readonly resources: string
  readonly platform: NodeJS.Platform
  readonly read: () => Promise<TrayFacts>
  readonly show: () => void
  readonly setPaused: (paused: boolean) => Promise<void>
  readonly quit: () => void
}

/** A glance at the tray is worth a question to the scheduler every other second. */
const everyMs = 2000

/** The icon beside the clock: counts as its tooltip and in its menu, pause and resume, and the way back to the window. */
export class TrayIcon implements Disposable {
  readonly #dependencies: TrayDependencies
  readonly #tray: Tray
  readonly #timer: NodeJS.Timeout
  #shown = ''
  #reading = false

  constructor(dependencies: TrayDependencies) {
    this.#dependencies = dependencies
    const { Tray, resources, platform, show } = dependencies
    // macOS: a template is drawn in the menu bar's own colour, and a click opens the menu. Each file has an @2x beside it.
    const isMenuBar = platform === 'darwin'
    this.#tray = new Tray(path.join(resources, 'tray', isMenuBar ? 'trayTemplate.png' : 'tray.png'))
    if (!isMenuBar) this.#tray.on('click', show)
    this.#timer = setInterval(() => void this.refresh(), everyMs)
    void this.refresh()
  }

  /** Reads the counts and shows them if they changed: on Linux a menu that is set anew closes under the pointer. */
  async refresh(): Promise<void> {
    if (this.#reading) return
    this.#reading = true
    try {
      const facts = await this.#dependencies.read()
      const shown = JSON.stringify(facts)
      if (shown === this.#shown || this.#tray.isDestroyed()) return
      this.#shown = shown
      this.#tray.setToolTip(`Guardhouse: ${sentence(facts)}`)
      this.#tray.setContextMenu(this.#dependencies.Menu.buildFromTemplate(this.#template(facts)))
    } catch {
      // A host that starts, ends or answers late is told of elsewhere; the next reading may come through.
    } finally {
      this.#reading = false
    }
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
    this.#tray.destroy()
  }

  #template(facts: TrayFacts): MenuItemConstructorOptions[] {
    const { show, quit } = this.#dependencies
    return [
      { id: 'counts', label: sentence(facts), enabled: false },
      { type: 'separator' },
      { id: 'show', label: 'Show Guardhouse', click: show },
      {
        id: facts.paused ? 'resume' : 'pause',
        label: facts.paused ? 'Resume admission' : 'Pause admission',
        click: () => void this.#setPaused(!facts.paused),
      },
      { type: 'separator' },
      { id: 'quit', label: 'Quit', click: quit },
    ]
  }

  async #setPaused(paused: boolean): Promise<void> {
    try {
      await this.#dependencies.setPaused(paused)
    } catch (error) {
      reportProblem(paused ? 'cannot pause' : 'cannot resume', error)
    }
    await this.refresh()
  }
}

function sentence({ executing, waiting, failed, paused }: TrayFacts): string {
  const counts = `${text(executing)} executing, ${text(waiting)} waiting, ${text(failed)} failed`
  return paused ? `paused; ${counts}` : counts
}

function text(count: number): string {
  return count.toLocaleString('en-US')
}
