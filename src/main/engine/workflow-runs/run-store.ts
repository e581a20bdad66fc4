import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type WorkflowRunRow, workflowRunRow } from '../../../shared/contract/workflows.ts'
import type { SealedGraph } from '../../../shared/model/workflow-graph.ts'
import { evidencePathFor } from '../workflow/evidence/evidence-file.ts'
import { tracePathIn } from '../workflow-lead/lead-request.ts'

/** Runs kept at the most; the oldest that has ended goes first. */
export const keptRuns = 1000

/** The folder of runs: one folder each, with what it was, its graph, its evidence and its trace. */
export class RunStore {
  readonly #folder: string
  #writing: Promise<void> = Promise.resolve()

  constructor(folder: string) {
    this.#folder = folder
  }

  folderOf(run: string): string {
    return join(this.#folder, run)
  }

  /** Every run that can be read, newest first. A folder that is none is left alone. */
  async read(): Promise<WorkflowRunRow[]> {
    const folders = await readdir(this.#folder).catch(() => [])
    const rows: WorkflowRunRow[] = []
    for (const folder of folders.sort().reverse()) {
      const row = await this.#readRow(folder)
      if (row !== null) rows.push(row)
    }
    return rows
  }

  async make(run: string, graph: SealedGraph | null): Promise<string> {
    const folder = this.folderOf(run)
    await mkdir(folder, { recursive: true })
    if (graph !== null) await writeFile(join(folder, 'graph.json'), JSON.stringify(graph))
    return folder
  }

  /** In one go: whoever reads it never sees half of it. */
  write(row: WorkflowRunRow): Promise<void> {
    this.#writing = this.#writing.then(async () => {
      const path = join(this.folderOf(row.id), 'run.json')
      await writeFile(`${path}.part`, JSON.stringify(row))
      await rename(`${path}.part`, path)
    })
    return this.#writing
  }

  async remove(run: string): Promise<void> {
    await rm(this.folderOf(run), { recursive: true, force: true })
  }

  /** What was declared; null for a run of anything else. */
  async graph(run: string): Promise<SealedGraph | null> {
    try {
      return JSON.parse(await readFile(join(this.folderOf(run), 'graph.json'), 'utf8')) as SealedGraph
    } catch {
      // Imports and snapshots have none: their graph is what was seen.
      return null
    }
  }

  /** The file that tells most of a run: its evidence, finished or not, else its trace. */
  eventsPath(run: string): string {
    const evidence = evidencePathFor(tracePathIn(this.folderOf(run)))
    const choices = [evidence, `${evidence}.part`, tracePathIn(this.folderOf(run))]
    return choices.find((path) => existsSync(path)) ?? evidence
  }

  async #readRow(folder: string): Promise<WorkflowRunRow | null> {
    try {
      const parsed = workflowRunRow.safeParse(
        JSON.parse(await readFile(join(this.#folder, folder, 'run.json'), 'utf8')),
      )
      return parsed.success && parsed.data.id === folder ? parsed.data : null
    } catch {
      // Not one of ours, or broken off in the making.
      return null
    }
  }
}
