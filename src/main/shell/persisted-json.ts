import { readFileSync } from 'node:fs'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { z } from 'zod'
import { reportProblem } from './report-problem.ts'

/**
 * One small JSON file that outlives the application. What is read is parsed, never trusted: a file that is absent, broken
 * or of another shape counts as `fallback`. Writes are atomic and run one after another.
 */
export class PersistedJson<Schema extends z.ZodType> implements AsyncDisposable {
  readonly #file: string
  #value: z.output<Schema>
  #writing: Promise<void> = Promise.resolve()
  #scheduled = false

  constructor(file: string, schema: Schema, fallback: z.output<Schema>) {
    this.#file = file
    this.#value = read(file, schema) ?? fallback
  }

  get value(): z.output<Schema> {
    return this.#value
  }

  /** Takes effect at once; reaches the disk soon, and at the latest before disposal ends. */
  set(value: z.output<Schema>): void {
    this.#value = value
    if (this.#scheduled) return
    this.#scheduled = true
    this.#writing = this.#writing.then(() => this.#write())
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writing
  }

  async #write(): Promise<void> {
    this.#scheduled = false
    const temporary = `${this.#file}.${process.pid}.tmp`
    try {
      await mkdir(path.dirname(this.#file), { recursive: true })
      await writeFile(temporary, `${JSON.stringify(this.#value, null, 2)}\n`)
      await rename(temporary, this.#file)
    } catch (error) {
      // A full disk must not take the scheduler down: what is lost is a window position.
      reportProblem(`cannot save ${this.#file}`, error)
    }
  }
}

function read<Schema extends z.ZodType>(file: string, schema: Schema): z.output<Schema> | undefined {
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch (error) {
    const absent = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    if (!absent) reportProblem(`ignoring ${file}`, error)
    return undefined
  }
}
