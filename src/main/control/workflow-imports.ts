import { randomBytes } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import type { WorkflowRunRow } from '../../shared/contract/workflows.ts'
import { GuardhouseError } from '../../shared/errors.ts'
import { evidencePathFor } from '../engine/workflow/evidence/evidence-file.ts'
import { tracePathIn } from '../engine/workflow-lead/lead-request.ts'
import { RunView } from '../engine/workflow-runs/run-view.ts'
import type { Caller } from './host-api.ts'
import type { WorkflowRuns } from './workflow-runs.ts'

/** Imports that can be under way at once, and characters of one. */
const limits = { uploads: 8, characters: 4 * 1024 * 1024 * 1024 }

interface Upload {
  readonly run: string
  readonly file: FileHandle
  readonly view: RunView
  characters: number
  /** Pieces are written and read in the order in which they came. */
  taken: Promise<void>
  /** The caller's end no longer matters. */
  readonly forget: () => void
}

export interface ImportPiece {
  /** Null for the first piece. */
  readonly upload: string | null
  readonly name: string
  readonly text: string
  readonly last: boolean
}

/**
 * Takes in trace files a piece at a time, so that neither side ever holds a whole one. What has come is read while the next
 * piece is on its way, and the reading is handed on with the run: a long trace is read once.
 */
export class WorkflowImports {
  readonly #runs: WorkflowRuns
  readonly #now: () => number
  readonly #uploads = new Map<string, Upload>()

  constructor(runs: WorkflowRuns, now: () => number) {
    this.#runs = runs
    this.#now = now
  }

  /** Throws `not-found` for an upload that is not under way, `bad-request` for a file that holds no event. */
  async take(piece: ImportPiece, caller: Caller): Promise<{ upload: string; run: string | null; events: number }> {
    const { name, text, last } = piece
    const [id, upload] =
      piece.upload === null ? await this.#begin(piece, caller) : [piece.upload, this.#find(piece.upload)]
    upload.characters += text.length
    if (upload.characters > limits.characters) {
      await this.abandon(id)
      throw new GuardhouseError('too-large', 'the file is larger than 4 GiB')
    }
    const before = upload.taken
    upload.taken = before.then(() => upload.file.appendFile(last && !text.endsWith('\n') ? `${text}\n` : text))
    // What has been written is read while the page prepares the next piece.
    const read = before.then(() => upload.view.refresh())
    await Promise.all([upload.taken, read])
    if (!last) return { upload: id, run: null, events: upload.view.events }
    await upload.view.refresh()
    this.#uploads.delete(id)
    return { upload: id, ...(await this.#finish(upload, name)) }
  }

  /** Forgets an upload and what came of it; one that is not under way is forgotten already. */
  async abandon(id: string): Promise<boolean> {
    const upload = this.#uploads.get(id)
    if (upload === undefined) return false
    this.#uploads.delete(id)
    await this.#discard(upload)
    return true
  }

  async #begin({ name, text }: ImportPiece, caller: Caller): Promise<[string, Upload]> {
    if (this.#uploads.size >= limits.uploads) {
      throw new GuardhouseError('overloaded', `${limits.uploads} imports are under way already`)
    }
    const id = randomBytes(8).toString('hex')
    const run = this.#runs.newId(name.replace(/\.(?:jsonl|ndjson|json|txt)$/, ''))
    const trace = tracePathIn(await this.#runs.store.make(run))
    // An evidence keeps its name: only of one can a run be replayed.
    const path = isEvidence(text) ? evidencePathFor(trace) : trace
    const file = await open(path, 'a')
    // Whoever goes away in the middle leaves nothing behind.
    const forget = caller.onClose(() => void this.abandon(id).catch(() => undefined))
    const upload = { run, file, view: new RunView(path), characters: 0, taken: Promise.resolve(), forget }
    this.#uploads.set(id, upload)
    return [id, upload]
  }

  #find(id: string): Upload {
    const upload = this.#uploads.get(id)
    if (upload !== undefined) return upload
    throw new GuardhouseError('not-found', 'there is no such import under way', { hint: 'Begin it again.' })
  }

  async #finish(upload: Upload, name: string): Promise<{ run: string; events: number }> {
    const { run, view } = upload
    const { columns, facts, unreadable } = view
    if (columns.visitNode.length === 0 && facts.workflow === null) {
      const text = unreadable.first ?? 'it has no lines'
      await this.#discard(upload)
      throw new GuardhouseError('bad-request', `${name} is no trace: ${text}`, {
        hint: 'Known are traces of pgs_runtime (0.2 and 0.3) and evidence of Guardhouse: JSON lines.',
      })
    }
    upload.forget()
    await upload.file.close()
    const row: WorkflowRunRow = {
      ...{ id: run, workflow: facts.workflow ?? name, kind: 'import', state: 'imported', status: facts.status },
      ...{ startedAt: facts.wall ?? this.#now(), duration: columns.span, token: null, hash: facts.hash },
      ...{ left: columns.nodes.length, nodes: columns.nodes.length },
      error: facts.error === null ? null : { kind: 'operation-failed', message: facts.error },
    }
    this.#runs.adopt(run, view)
    await this.#runs.add(row)
    return { run, events: view.events }
  }

  async #discard({ run, file, view, taken, forget }: Upload): Promise<void> {
    forget()
    await taken.catch(() => undefined)
    await view.refresh()
    view[Symbol.dispose]()
    await file.close()
    await this.#runs.store.remove(run)
  }
}

/** The first record of an evidence is of the kind `run`; a trace has no kinds. */
function isEvidence(text: string): boolean {
  return /^\s*\{\s*"kind"\s*:/.test(text)
}
