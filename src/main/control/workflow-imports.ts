import { randomBytes } from 'node:crypto'
import { appendFile } from 'node:fs/promises'
import type { WorkflowRunRow } from '../../shared/contract/workflows.ts'
import { GuardhouseError } from '../../shared/errors.ts'
import { tracePathIn } from '../engine/workflow-lead/lead-request.ts'
import { RunView } from '../engine/workflow-runs/run-view.ts'
import type { WorkflowRuns } from './workflow-runs.ts'

/** Imports that can be under way at once, and characters of one. */
const limits = { uploads: 8, characters: 4 * 1024 * 1024 * 1024 }

interface Upload {
  readonly run: string
  readonly path: string
  characters: number
}

/** Takes in trace files a piece at a time, so that neither side ever holds a whole one. */
export class WorkflowImports {
  readonly #runs: WorkflowRuns
  readonly #now: () => number
  readonly #uploads = new Map<string, Upload>()

  constructor(runs: WorkflowRuns, now: () => number) {
    this.#runs = runs
    this.#now = now
  }

  /** Throws `not-found` for an upload that is not under way, `bad-request` for a file that holds no event. */
  async take(
    id: string | null,
    name: string,
    text: string,
    last: boolean,
  ): Promise<{ upload: string; run: string | null; events: number }> {
    const [upload, taken] = id === null ? await this.#begin(name) : [id, this.#find(id)]
    taken.characters += text.length
    if (taken.characters > limits.characters) throw await this.#giveUp(upload, taken, 'the file is larger than 4 GiB')
    await appendFile(taken.path, last && !text.endsWith('\n') ? `${text}\n` : text)
    if (!last) return { upload, run: null, events: 0 }
    this.#uploads.delete(upload)
    return { upload, ...(await this.#finish(taken, name)) }
  }

  async #begin(name: string): Promise<[string, Upload]> {
    if (this.#uploads.size >= limits.uploads) {
      throw new GuardhouseError('overloaded', `${limits.uploads} imports are under way already`)
    }
    const run = this.#runs.newId(name.replace(/\.(?:jsonl|ndjson|json|txt)$/, ''))
    const folder = await this.#runs.store.make(run, null)
    const upload = { run, path: tracePathIn(folder), characters: 0 }
    const id = randomBytes(8).toString('hex')
    this.#uploads.set(id, upload)
    return [id, upload]
  }

  #find(id: string): Upload {
    const upload = this.#uploads.get(id)
    if (upload !== undefined) return upload
    throw new GuardhouseError('not-found', 'there is no such import under way', { hint: 'Begin it again.' })
  }

  async #finish({ run, path }: Upload, name: string): Promise<{ run: string; events: number }> {
    using view = new RunView(path, null)
    await view.refresh()
    const { columns, facts, unreadable } = view
    if (columns.visitNode.length === 0 && facts.workflow === null) {
      await this.#runs.store.remove(run)
      const text = unreadable.first ?? 'it has no lines'
      throw new GuardhouseError('bad-request', `${name} is no trace: ${text}`, {
        hint: 'Known are traces of pgs_runtime (0.2 and 0.3) and evidence of Guardhouse: JSON lines.',
      })
    }
    const row: WorkflowRunRow = {
      ...{ id: run, workflow: facts.workflow ?? name, kind: 'import', state: 'imported', status: facts.status },
      ...{ startedAt: facts.wall ?? this.#now(), duration: columns.span, token: null, hash: facts.hash },
      ...{ left: columns.nodes.length, nodes: columns.nodes.length },
      error: facts.error === null ? null : { kind: 'operation-failed', message: facts.error },
    }
    this.#runs.add(row)
    return { run, events: view.events }
  }

  async #giveUp(id: string, { run }: Upload, why: string): Promise<GuardhouseError> {
    this.#uploads.delete(id)
    await this.#runs.store.remove(run)
    return new GuardhouseError('too-large', why)
  }
}
