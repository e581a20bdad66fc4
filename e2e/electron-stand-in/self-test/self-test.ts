import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test as base, type ElectronApplication, _electron as electron, type Page } from '@playwright/test'

type LaunchOptions = NonNullable<Parameters<typeof electron.launch>[0]>

interface SelfTest {
  /** A data folder of this test's own. */
  readonly dataFolder: string
  /** Starts the self-test application as any spec starts an application. It is closed after the test. */
  readonly launch: (options?: LaunchOptions) => Promise<ElectronApplication>
  readonly application: ElectronApplication
  readonly page: Page
}

/** The made-up application. */
export const applicationFolder = path.join(import.meta.dirname, 'app')

export const test = base.extend<SelfTest>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from this pattern
  dataFolder: async ({}, use) => {
    const dataFolder = mkdtempSync(path.join(tmpdir(), 'stand-in-self-test-'))
    await use(dataFolder)
    rmSync(dataFolder, { recursive: true, maxRetries: 10 })
  },

  launch: async ({ dataFolder }, use) => {
    const launched: ElectronApplication[] = []
    await use(async ({ args = [], ...options } = {}) => {
      const application = await electron.launch({
        ...options,
        args: [applicationFolder, `--user-data-dir=${dataFolder}`, ...args],
      })
      launched.push(application)
      return application
    })
    for (const application of launched) await application.close()
  },

  application: async ({ launch }, use) => {
    await use(await launch())
  },

  page: async ({ application }, use) => {
    await use(await loadedPage(application))
  },
})

export { expect } from '@playwright/test'

/** The application's first page, after its own script has run. */
export async function loadedPage(application: ElectronApplication): Promise<Page> {
  const page = await application.firstWindow()
  await page.waitForFunction(() => 'selfTestPage' in window)
  return page
}

/** Starts the executable without Playwright, as `electron .` in a terminal. */
export function startBare(args: readonly string[], env: NodeJS.ProcessEnv = {}): BareProcess {
  const executable = path.join(import.meta.dirname, '..', 'electron')
  return new BareProcess(spawn(executable, args, { env: { ...process.env, ...env } }))
}

/** A process that some test started, and all it has said. */
export class BareProcess {
  readonly child: ChildProcess
  readonly exitCode: Promise<number | null>
  output = ''

  constructor(child: ChildProcess) {
    this.child = child
    this.exitCode = new Promise((resolve) => child.once('close', resolve))
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.output += chunk
      })
    }
  }
}

/** Command lines of the running processes that name `text`. */
export function processesNaming(text: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(commandLine)
    .filter((line) => line.includes(text))
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
  } catch {
    // It ended meanwhile.
    return ''
  }
}
