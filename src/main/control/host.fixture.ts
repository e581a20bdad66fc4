import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { ContractClient } from '../../shared/contract/client.ts'
import { contractVersion } from '../../shared/contract/index.ts'
import type { ResponseMessage } from '../../shared/contract/wire.ts'
import { Bus } from '../engine/bus/bus.ts'
import { MemoryStore } from '../engine/bus/stores/memory-store.ts'
import { findEntries } from '../entries.ts'
import type { Peer } from './control-protocol.ts'
import { FakeScheduler, FakeTrust, FakeWorkspace } from './fake-engine.fixture.ts'
import { Host, type HostParts } from './host.ts'
import { laneScheduler } from './lane-scheduler.ts'
import { PortTransport } from './port-transport.ts'
import type { FixedSystemInfo } from './system-api.ts'

/** A host over a made-up engine, with connections that a test drives from the other side. */
export class HostBench implements AsyncDisposable {
  readonly scheduler = new FakeScheduler()
  readonly trust = new FakeTrust()
  readonly #folders: string[] = []
  readonly #ports: MessagePort[] = []
  readonly samplePath = this.folder()
  readonly loaded: FakeWorkspace[] = []
  /** What loading a workspace does; a test may make it fail. */
  load: (path: string) => Promise<FakeWorkspace> = async (path) => new FakeWorkspace(path)
  readonly host: Host

  constructor(parts: Partial<HostParts> = {}) {
    this.host = new Host({
      scheduler: this.scheduler,
      info: fixedInfo,
      readOnly: false,
      trust: this.trust,
      options: null,
      schedules: null,
      journal: null,
      history: null,
      storage: null,
      workerQuota: null,
      bus: new Bus(new MemoryStore(), laneScheduler(this.scheduler, false)),
      samplePath: this.samplePath,
      hostOperations: [],
      workflowThread: findEntries().workflows,
      runsFolder: this.folder(),
      loadWorkspace: async (path) => {
        const workspace = await this.load(path)
        this.loaded.push(workspace)
        return workspace
      },
      clock: { now: () => 0, epochWall: 0 },
      machine: () => ({ cores: [], threads: new Map() }),
      shares: () => ({ keeping: 0.02, rest: 0.01 }),
      logLinesDropped: () => 3,
      checkAnswers: true,
      ...parts,
    })
  }

  /** A client as a window has it. */
  client(peer: Partial<Peer> = {}): ContractClient {
    return new ContractClient(new PortTransport(this.port(peer)))
  }

  /** The bare other side of a connection. */
  port(peer: Partial<Peer> = {}): MessagePort {
    const { port1, port2 } = new MessageChannel()
    this.host.connect(port1, { kind: 'window', name: 'window', readOnly: false, ...peer })
    this.#ports.push(port2)
    return port2
  }

  /** An empty folder that lasts as long as the bench. */
  folder(): string {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'guardhouse-')))
    this.#folders.push(folder)
    return folder
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.host.stop({ mode: 'abort' })
    for (const port of this.#ports) port.close()
    for (const folder of this.#folders) rmSync(folder, { recursive: true })
  }
}

/** Sends one raw message and returns what comes back next. */
export function exchange(port: MessagePort, message: unknown): Promise<unknown> {
  return new Promise((resolve) => {
    port.once('message', resolve)
    port.postMessage(message)
  })
}

/** As `exchange`, over a connection of JSON text. */
export async function exchangeText(port: MessagePort, text: unknown): Promise<ResponseMessage> {
  const answer = await exchange(port, text)
  return JSON.parse(answer as string) as ResponseMessage
}

const fixedInfo: FixedSystemInfo = {
  version: '0.0.0',
  contract: contractVersion,
  host: 'server',
  platform: 'made up',
  node: process.version,
  electron: null,
  pid: process.pid,
  epochWall: 0,
  affinity: { supported: false, name: 'none', note: 'made up' },
  topology: {
    cores: [],
    packages: 1,
    physicalCores: 1,
    logicalCpus: 2,
    sharedCaches: [],
    quotaCores: null,
    usableCores: 2,
    model: 'made up',
    notes: [],
  },
}
