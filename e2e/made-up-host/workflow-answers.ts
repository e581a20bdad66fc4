import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { HostApi } from '../../src/main/control/host-api.ts'
import { createWorkflowService, type WorkflowService } from '../../src/main/control/workflow-api.ts'
import { findEntries } from '../../src/main/entries.ts'
import type { workflowProcedures } from '../../src/shared/contract/workflows.ts'
import { GuardhouseError } from '../../src/shared/errors.ts'
import { inventRuns } from './invented-runs.ts'

type Api = WorkflowService['api']

/** Runs that were made up, in files of their own, and read by the very code that reads real ones. */
export class WorkflowAnswers implements Disposable {
  readonly answers: {
    readonly [Name in keyof typeof workflowProcedures]: (input: Parameters<Api[Name]>[0]) => ReturnType<Api[Name]>
  }
  readonly #folder = mkdtempSync(join(tmpdir(), 'made-up-runs-'))
  readonly #service: WorkflowService

  constructor(empty: boolean) {
    if (!empty) inventRuns(this.#folder)
    this.#service = createWorkflowService({
      scheduler: nothing('scheduler'),
      tokens: nothing('tokens'),
      threadEntry: findEntries().workflows,
      audit: nothing('audit log'),
      journal: null,
      workspace: { info: () => ({ state: 'none', path: null }) } as never,
      folder: this.#folder,
      now: () => Date.now(),
    })
    const { api } = this.#service
    // In a real host that thread has read the workspace's workflows by the time somebody opens a run.
    this.#service.runs.expectOpening()
    const caller = { onClose: () => () => undefined } as unknown as Parameters<HostApi['workflows.list']>[1]
    const bound = Object.entries(api).map(([name, answer]) => [name, (input: never) => answer(input, caller)])
    // What was invented was never walked; it says what a real one says of an untouched run.
    const replay = { same: true, records: 0, withheld: 0, brokenOff: false, changed: [], difference: null }
    this.answers = { ...Object.fromEntries(bound), 'workflows.replay': async () => replay }
  }

  [Symbol.dispose](): void {
    this.#service[Symbol.dispose]()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

/** Nothing of it is used by what reads; whoever uses it hears that it is made up. */
function nothing(what: string): never {
  const refuse = () => {
    throw new GuardhouseError('unsupported', `the made-up host has no ${what} for workflows`)
  }
  return new Proxy({}, { get: refuse }) as never
}
