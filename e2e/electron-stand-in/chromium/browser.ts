import { ChromiumProcess } from './chromium-process.ts'
import { type DevtoolsSession, PageGone } from './devtools-connection.ts'
import type { Profile } from './profile.ts'

/** What every start of Chromium needs, whatever the application asks for besides. */
const standingSwitches = [
  '--no-startup-window',
  '--no-first-run',
  '--no-default-browser-check',
  // Hides the bar that warns of switches like --no-sandbox, which would take room from the page.
  '--test-type',
  '--disable-breakpad',
  '--disable-crash-reporter',
  '--disable-component-update',
  '--disable-sync',
  '--password-store=basic',
  // A page that is left must end, and its message ports with it.
  '--disable-back-forward-cache',
  // Electron's message ports tell a page when the other end closes; Chromium's do so only when asked.
  '--enable-blink-features=MessagePortCloseEvent',
  // Electron gives file: pages this right too.
  '--allow-file-access-from-files',
]

/** The one Chromium of this process. */
class Browser {
  #chromium: ChromiumProcess | null = null
  #version: string | null = null
  #expectedToEnd = false

  /** Whether pages can be opened. */
  get isRunning(): boolean {
    return this.#version !== null
  }

  /** Chromium's version, such as `156.0.8078.79`. */
  get version(): string {
    return this.#version ?? 'not started'
  }

  get session(): DevtoolsSession {
    return this.#running().connection.browser
  }

  /** `switches` as on a command line, `--name` or `--name=value`. */
  async start(switches: readonly string[], profile: Profile): Promise<void> {
    this.#chromium = new ChromiumProcess([...standingSwitches, ...runSwitches(switches), ...switches], profile)
    void this.#chromium.exited.then(() => this.#onExit())
    const [{ product }] = await Promise.all([
      this.session.send('Browser.getVersion'),
      this.session.send('Target.setDiscoverTargets', { discover: true }),
    ])
    this.#version = product.slice(product.indexOf('/') + 1)
  }

  /** A session with one page. */
  async attach(targetId: string): Promise<DevtoolsSession> {
    const { sessionId } = await this.session.send('Target.attachToTarget', { targetId, flatten: true })
    return this.#running().connection.session(sessionId)
  }

  /** Ends Chromium; resolves when nothing of it is left. */
  async close(): Promise<void> {
    this.#expectedToEnd = true
    await this.#chromium?.close()
  }

  #onExit(): void {
    if (this.#expectedToEnd) return
    console.error('Electron stand-in: Chromium ended unexpectedly; ELECTRON_STAND_IN_LOG=1 shows what it says')
    process.exit(1)
  }

  #running(): ChromiumProcess {
    if (this.#chromium === null) throw new PageGone('Chromium', 'not started')
    return this.#chromium
  }
}

export const browser = new Browser()

function runSwitches(asked: readonly string[]): string[] {
  const headed = process.env.DISPLAY !== undefined && process.env.ELECTRON_STAND_IN_HEADED === '1'
  // As root, Chromium refuses to run with its sandbox.
  const lacksNoSandbox = process.getuid?.() === 0 && !asked.includes('--no-sandbox')
  return [...(headed ? [] : ['--headless']), ...(lacksNoSandbox ? ['--no-sandbox'] : [])]
}
