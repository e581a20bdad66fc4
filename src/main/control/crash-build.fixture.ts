import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Within the project, so that packages are found from there. */
const builds = source('../../../node_modules/.cache')

/**
 * The host that is killed and its threads as JavaScript, all in one folder, as findEntries() expects a build: a hundred hosts that each
 * load some two hundred files of TypeScript would take longer to start than they live. Disposing removes the folder.
 */
export class CrashBuild implements Disposable {
  readonly #folder: string

  private constructor(folder: string) {
    this.#folder = folder
  }

  static async make(): Promise<CrashBuild> {
    mkdirSync(builds, { recursive: true })
    const folder = mkdtempSync(`${builds}/crash-host-`)
    await build({
      entryPoints: {
        'crash-host.fixture': source('./crash-host.fixture.ts'),
        'crash-operations.fixture': source('./crash-operations.fixture.ts'),
        worker: source('../engine/workers/worker-entry.ts'),
        'journal-writer': source('../engine/journal/writer-entry.ts'),
        'journal-reader': source('../engine/journal/reader-entry.ts'),
        sdk: source('../sdk/index.ts'),
      },
      outdir: folder,
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'node',
      target: 'node24',
      packages: 'external',
      logLevel: 'error',
    })
    return new CrashBuild(folder)
  }

  /** What to fork. */
  get entry(): string {
    return `${this.#folder}/crash-host.fixture.js`
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
