import type { ModuleInfo, OperationInfo, WorkspaceInfo } from '../../src/shared/contract/operations.ts'
import type { HostEvent } from '../../src/shared/contract/system.ts'
import { GuardhouseError } from '../../src/shared/errors.ts'
import type { Scenario } from './command-line.ts'
import type { MadeUpOperation } from './made-up-operation.ts'

const folder = '/home/ada/projects/nightly-reports'
const recent = [folder, '/home/ada/projects/thumbnails', '/home/ada/проекты/отчёты']

const brokenModules: readonly ModuleInfo[] = [
  {
    module: 'reports/weekly.ops.ts',
    state: 'failed',
    operations: [],
    error: {
      kind: 'module-failed',
      message: `reports/weekly.ops.ts:14:33: Expected ")" but found "=>"
  async (year: number, week: number => {
                                    ^`,
    },
  },
  {
    module: 'images/exif.ops.ts',
    state: 'failed',
    operations: [],
    error: {
      kind: 'module-failed',
      name: 'Error',
      message: "Cannot find package 'exif-reader' imported from /home/ada/projects/nightly-reports/images/exif.ops.ts",
      stack: `Error: Cannot find package 'exif-reader' imported from images/exif.ops.ts
    at packageResolve (node:internal/modules/esm/resolve:873:9)
    at moduleResolve (node:internal/modules/esm/resolve:946:18)`,
      hint: 'Install the package in the workspace, then reload.',
    },
  },
]

/** Plays the open workspace: its trust, its modules, its operations. */
export class WorkspaceAnswers {
  readonly #operations: readonly MadeUpOperation[]
  readonly #scenario: Scenario
  readonly #announce: (event: HostEvent) => void
  #state: WorkspaceInfo['state']
  #path: string | null
  #sample = false
  #generation = 1

  constructor(operations: readonly MadeUpOperation[], scenario: Scenario, announce: (event: HostEvent) => void) {
    this.#operations = operations
    this.#scenario = scenario
    this.#announce = announce
    this.#state = scenario === 'empty' ? 'none' : scenario === 'untrusted' ? 'untrusted' : 'ready'
    this.#path = scenario === 'empty' ? null : folder
  }

  get(): WorkspaceInfo {
    return {
      state: this.#state,
      path: this.#path,
      sample: this.#sample,
      modules: this.#state === 'ready' ? this.#modules() : [],
      error: null,
      generation: this.#generation,
      recent,
    }
  }

  open(path: string): WorkspaceInfo {
    if (!path.startsWith('/')) {
      throw new GuardhouseError('not-found', `${path} is not a folder`, { hint: 'Give the absolute path of a folder.' })
    }
    return this.#change(recent.includes(path) ? 'ready' : 'untrusted', path, false)
  }

  openSample(): WorkspaceInfo {
    return this.#change('ready', '/opt/guardhouse/resources/sample-workspace', true)
  }

  trust(path: string): WorkspaceInfo {
    return this.#change('ready', path, false)
  }

  reload(): WorkspaceInfo {
    return this.#change(this.#state, this.#path, this.#sample)
  }

  operations(): OperationInfo[] {
    if (this.#state !== 'ready') return []
    return this.#operations.map((operation) => this.#describe(operation))
  }

  /** Throws `not-found` with the nearest thing to a hint. */
  find(name: string): MadeUpOperation {
    const found = this.#state === 'ready' && this.#operations.find((operation) => operation.entry.operation === name)
    if (found) return found
    throw new GuardhouseError('not-found', `there is no operation ${JSON.stringify(name)}`, {
      hint: 'operations.list names those of the open workspace.',
    })
  }

  #change(state: WorkspaceInfo['state'], path: string | null, sample: boolean): WorkspaceInfo {
    this.#state = state
    this.#path = path
    this.#sample = sample
    this.#generation++
    this.#announce({ kind: 'workspace-changed', generation: this.#generation })
    return this.get()
  }

  #modules(): ModuleInfo[] {
    const byModule = Map.groupBy(this.#operations, (operation) => operation.entry.module)
    const loaded = [...byModule].map(
      ([module, operations]): ModuleInfo => ({
        module,
        state: 'loaded',
        operations: operations.map((operation) => operation.entry.operation),
        error: null,
      }),
    )
    return this.#scenario === 'failing' ? [...loaded, ...brokenModules] : loaded
  }

  #describe(operation: MadeUpOperation): OperationInfo {
    const { entry, index } = operation
    return {
      operation: entry.operation,
      index,
      module: entry.module,
      position: { file: `${this.#path}/${entry.module}`, line: 12 + index * 9, column: 14 },
      description: entry.description,
      inspection: {
        score: 41.7,
        level: 'MODERATE',
        length: 612,
        depth: 5,
        literals: 40,
        names: 18,
        loops: 2,
        branches: 6,
      },
      parameters: [...entry.parameters],
      weight: entry.weight,
      tags: entry.tags,
      availability: this.#availability(index),
      paused: operation.paused,
      counts: operation.counts,
      runs: operation.runs.quantiles(),
      waits: operation.waits.quantiles(),
      lastError: operation.lastError,
    }
  }

  #availability(index: number): OperationInfo['availability'] {
    if (this.#scenario !== 'failing') return 'available'
    if (index % 9 === 5) return 'failed'
    return index % 9 === 7 ? 'gone' : 'available'
  }
}
