import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** A folder for one test, gone when it is disposed. */
export class TemporaryFolder implements Disposable {
  readonly path: string

  /** @param files text by path, relative with forward slashes. */
  constructor(files: Readonly<Record<string, string>> = {}) {
    // The name holds what URLs and stacks must not stumble over.
    this.path = realpathSync(mkdtempSync(join(tmpdir(), 'guardhouse #1 (test) ')))
    for (const [path, text] of Object.entries(files)) this.write(path, text)
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.path, path)), { recursive: true })
    writeFileSync(join(this.path, path), text)
  }

  remove(path: string): void {
    rmSync(join(this.path, path), { recursive: true })
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true })
  }
}
