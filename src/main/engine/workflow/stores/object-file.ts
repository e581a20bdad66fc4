import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { typeName } from '../../json/describe.ts'
import { parseJson } from '../../json/parse.ts'
import { printIndented } from '../../json/print.ts'
import { emptyObject, isObject, type JsonObject } from '../../json/value.ts'
import { codeOf } from '../../system/error-code.ts'
import { writeDurably } from './durable-file.ts'
import type { StoreLock } from './store-lock.ts'
import { withSystemErrors } from './system-error.ts'

/** One JSON object that is read and replaced as a whole. */
export interface ObjectStore {
  /** Runs `work` while nobody else replaces the object. */
  exclusively<Result>(work: () => Result): Result
  /** An absent store is an empty object. Throws when it is no JSON object. */
  read(): JsonObject
  write(content: JsonObject): void
  exists(): boolean
}

/** A JSON object in a file; what was read is kept until the file changes. */
export class ObjectFile implements ObjectStore {
  readonly path: string
  readonly #lock: StoreLock
  #known: { readonly state: string; readonly content: JsonObject } | null = null

  constructor(path: string, lock: StoreLock) {
    this.path = path
    this.#lock = lock
  }

  exclusively<Result>(work: () => Result): Result {
    return this.#lock(this.path, work)
  }

  exists(): boolean {
    return this.state() !== null
  }

  read(): JsonObject {
    withSystemErrors(this.path, () => mkdirSync(dirname(this.path), { recursive: true }))
    const state = this.state()
    if (state === null) return emptyObject
    if (this.#known?.state === state) return this.#known.content
    const content = parseJson(withSystemErrors(this.path, () => readFileSync(this.path, 'utf8')))
    if (!isObject(content)) throw new Error(`${this.path} holds ${typeName(content)} instead of an object`)
    this.#known = { state, content }
    return content
  }

  /** Either the old or the new content is there at any time, also after a crash. */
  write(content: JsonObject): void {
    const draft = `${this.path}.${randomBytes(6).toString('hex')}.tmp`
    withSystemErrors(this.path, () => {
      mkdirSync(dirname(this.path), { recursive: true })
      try {
        writeDurably(draft, printIndented(content))
        renameSync(draft, this.path)
      } catch (error) {
        rmSync(draft, { force: true })
        throw error
      }
    })
    const state = this.state()
    this.#known = state === null ? null : { state, content }
  }

  /** Tells one content of the file from the next; null when there is no file. */
  state(): string | null {
    try {
      const { ino, size, mtimeNs } = statSync(this.path, { bigint: true })
      return `${ino} ${size} ${mtimeNs}`
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return null
      throw error
    }
  }
}
