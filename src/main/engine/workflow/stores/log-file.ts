import { readFileSync } from 'node:fs'
import { parseJson } from '../../json/parse.ts'
import { printSpaced } from '../../json/print.ts'
import type { JsonObject, JsonValue } from '../../json/value.ts'
import { AppendFile, newline } from './append-file.ts'
import type { StoreRepairs } from './registry-file.ts'
import { withSystemErrors } from './system-error.ts'

/** Records that are only ever added. */
export interface LogStore {
  /** How many lines there are now. */
  refresh(): number
  append(record: JsonObject): void
  readAll(): JsonValue[]
}

/** A log in a file of lines, counted once and then as it grows. */
export class LogFile implements LogStore {
  readonly #file: AppendFile
  readonly #repairs: StoreRepairs
  #lines = 0

  constructor(path: string, repairs: StoreRepairs) {
    this.#repairs = repairs
    this.#file = new AppendFile(path, {
      restart: () => {
        this.#lines = 0
      },
      lines: (bytes) => {
        for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, at + 1)) this.#lines += 1
      },
    })
  }

  refresh(): number {
    this.#file.refresh()
    return this.#lines + (this.#file.openLine === '' ? 0 : 1)
  }

  append(record: JsonObject): void {
    const mends = this.#repairs.endOpenLines && this.#file.openLine !== ''
    this.#file.append((mends ? '\n' : '') + printSpaced(record))
  }

  readAll(): JsonValue[] {
    this.#file.refresh()
    const text = withSystemErrors(this.#file.path, () => readFileSync(this.#file.path, 'utf8'))
    return text
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map(parseJson)
  }
}
