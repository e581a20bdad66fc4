import { closeSync, existsSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { TraceFile } from '../trace/trace-file.ts'
import type { EvidenceSink } from './evidence-writer.ts'

// Not .jsonl: admission rules read every file of that name below a data root, and a workspace may lie inside of one.
const ending = '.evidence.ndjson'
const draftEnding = '.part'

/** Where the evidence of a run lies: beside its compatible trace, `<trace id>.jsonl`. */
export function evidencePathFor(tracePath: string): string {
  return tracePath.replace(/\.jsonl$/, '') + ending
}

/** True for a path that names an evidence, finished or not. */
export function isEvidencePath(path: string): boolean {
  return path.endsWith(ending) || path.endsWith(ending + draftEnding) || /\.evidence\.\d+\.ndjson(\.part)?$/.test(path)
}

/** True for the draft of an evidence: its run goes on, or broke off. */
export function isEvidenceDraft(path: string): boolean {
  return isEvidencePath(path) && path.endsWith(draftEnding)
}

/**
 * The evidence of a run in the making. Its lines go to a draft beside the path, which can be read meanwhile; `commit` gives
 * it its name, so that a file of that name is always whole. A name that is taken is left alone: the new one gets a number.
 */
export class EvidenceFile implements EvidenceSink, Disposable {
  /** Where the evidence will be, or is once it is committed. */
  readonly path: string
  readonly #draft: TraceFile

  constructor(wanted: string) {
    mkdirSync(dirname(wanted), { recursive: true })
    this.path = reservePath(wanted)
    this.#draft = new TraceFile(this.path + draftEnding)
  }

  get draftPath(): string {
    return this.path + draftEnding
  }

  write(line: string): void {
    this.#draft.write(line)
  }

  /** Writes what is waiting, so that a reader of the draft sees it. */
  flush(): void {
    this.#draft.flush()
  }

  commit(): void {
    this.#draft[Symbol.dispose]()
    renameSync(this.draftPath, this.path)
  }

  /** What was not committed stays as a draft: it is what is known of a run that broke off. */
  [Symbol.dispose](): void {
    this.#draft[Symbol.dispose]()
  }
}

/** The first path that is free, reserved by making its draft: also among processes only one gets it. */
function reservePath(wanted: string): string {
  const stem = wanted.slice(0, wanted.lastIndexOf('.'))
  for (let number = 1; ; number += 1) {
    const path = number === 1 ? wanted : `${stem}.${number}.ndjson`
    if (existsSync(path) || !reserve(path + draftEnding)) continue
    // Somebody may have committed under this name between the two looks.
    if (!existsSync(path)) return path
    rmSync(path + draftEnding)
  }
}

function reserve(draft: string): boolean {
  try {
    closeSync(openSync(draft, 'wx'))
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}
