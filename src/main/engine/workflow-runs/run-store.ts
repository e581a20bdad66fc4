import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type WorkflowRunRow, workflowRunRow } from '../../../shared/contract/workflows.ts'
import { evidencePathFor } from '../workflow/evidence/evidence-file.ts'
import { graphPathIn, payloadPathIn, tracePathIn } from '../workflow-lead/lead-request.ts'

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

  async make(run: string): Promise<string> {
    const folder = this.folderOf(run)
    await mkdir(folder, { recursive: true })
    return folder
  }

  /** In one go: whoever reads it never sees half of it. */
  write(row: WorkflowRunRow): Promise<void> {
    const written = this.#writing.then(async () => {
      const path = join(this.folderOf(row.id), 'run.json')
      await writeFile(`${path}.part`, JSON.stringify(row))
      await rename(`${path}.part`, path)
    })
    // One that cannot be written is not to keep the others from it.
    this.#writing = written.catch(() => undefined)
    return written
  }

  async remove(run: string): Promise<void> {
    await rm(this.folderOf(run), { recursive: true, force: true })
  }

  /** Where the sealed graph of a run lies; null for imports and snapshots, whose graph is what was seen. */
  graphPath(run: string): string | null {
    const path = graphPathIn(this.folderOf(run))
    return existsSync(path) ? path : null
  }

  /** Removes a payload that lies in clear, once nobody needs it. */
  async forgetPayload(run: string): Promise<void> {
    await rm(payloadPathIn(this.folderOf(run)), { force: true })
  }

  /** The file that tells most of a run: its evidence, finished or not, else its trace. Null: it has not begun. */
  eventsPath(run: string): string | null {
    const evidence = evidencePathFor(tracePathIn(this.folderOf(run)))
    const choices = [evidence, `${evidence}.part`, tracePathIn(this.folderOf(run))]
    return choices.find((path) => existsSync(path)) ?? null
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
