import { pathToFileURL } from 'node:url'

/**
 * Where each thread starts and what ships beside the code. Named only here and passed down, so that no file deep inside
 * depends on where the bundler put it.
 */
export interface Entries {
  /** The control thread. */
  readonly control: URL
  /** A pinned worker thread. */
  readonly worker: URL
  /** The child process of a worker. */
  readonly process: URL
  /** The throw-away thread that reads a workspace's operations. */
  readonly scan: URL
  /** The throw-away thread that compiles a workspace's code. */
  readonly compile: URL
  /** The thread that keeps receipts on the disk. */
  readonly receipts: URL
  /** The thread that keeps the tuples of the bus in SQLite. */
  readonly tuples: URL
  /** The journal's thread, which writes the file. */
  readonly journalWriter: URL
  /** The thread that answers questions about what the journal keeps. */
  readonly journalReader: URL
  /** Operations of the host itself that carry runs of workflows. */
  readonly lead: URL
  /** The thread that reads workflows and walks their runs again. */
  readonly workflows: URL
  /** What `import 'guardhouse'` means inside an operation module. */
  readonly sdk: URL
  /** Folder of the workspace that ships with Guardhouse. */
  readonly sampleWorkspace: URL
}

/** Entries as text, because a URL cannot be cloned to another thread. */
export type EntryHrefs = Readonly<Record<keyof Entries, string>>

/** Entries of the running program. */
export function findEntries(): Entries {
  // Electron adds it to the process of every thread; its types are not here, because only the shell knows Electron.
  const { resourcesPath } = process as { resourcesPath?: string }
  const resourcesFolder = resourcesPath === undefined ? undefined : pathToFileURL(`${resourcesPath}/`)
  return locateEntries(import.meta.url, resourcesFolder)
}

/**
 * `moduleUrl` is where this code runs from: `src/main/entries.ts` (source) or some file of `out/main` (bundle, all
 * entries flat). Both lie two folders below the package root. `resourcesFolder` is the packaged app's folder of
 * resources, undefined outside of Electron; a development Electron has one that does not contain this package.
 */
export function locateEntries(moduleUrl: string, resourcesFolder: URL | undefined): Entries {
  const fromSource = moduleUrl.endsWith('.ts')
  // The bundler replaces `new URL('literal', import.meta.url)` by an asset; these are none.
  const at = (source: string, bundled: string) => new URL(fromSource ? source : bundled, moduleUrl)
  const packaged = resourcesFolder !== undefined && moduleUrl.startsWith(resourcesFolder.href)
  return {
    control: at('./control/control-thread.ts', './control.js'),
    worker: at('./engine/workers/worker-entry.ts', './worker.js'),
    process: at('./engine/workers/process-entry.ts', './process.js'),
    scan: at('./engine/workspace/scan-entry.ts', './scan.js'),
    compile: at('./engine/workspace/compile-entry.ts', './compile.js'),
    receipts: at('./engine/receipts/store-thread.ts', './receipts.js'),
    tuples: at('./engine/bus/stores/sqlite-thread.ts', './tuples.js'),
    journalWriter: at('./engine/journal/writer-entry.ts', './journal-writer.js'),
    journalReader: at('./engine/journal/reader-entry.ts', './journal-reader.js'),
    lead: at('./engine/workflow-lead/lead-entry.ts', './lead.js'),
    workflows: at('./engine/workflow-thread/thread-entry.ts', './workflows.js'),
    sdk: at('./sdk/index.ts', './sdk.js'),
    sampleWorkspace: packaged
      ? new URL('sample-workspace/', resourcesFolder)
      : new URL('../../resources/sample-workspace/', moduleUrl),
  }
}

export function entryHrefs(entries: Entries): EntryHrefs {
  return {
    control: entries.control.href,
    worker: entries.worker.href,
    process: entries.process.href,
    scan: entries.scan.href,
    compile: entries.compile.href,
    receipts: entries.receipts.href,
    tuples: entries.tuples.href,
    journalWriter: entries.journalWriter.href,
    journalReader: entries.journalReader.href,
    lead: entries.lead.href,
    workflows: entries.workflows.href,
    sdk: entries.sdk.href,
    sampleWorkspace: entries.sampleWorkspace.href,
  }
}

export function entriesFromHrefs(hrefs: EntryHrefs): Entries {
  return {
    control: new URL(hrefs.control),
    worker: new URL(hrefs.worker),
    process: new URL(hrefs.process),
    scan: new URL(hrefs.scan),
    compile: new URL(hrefs.compile),
    receipts: new URL(hrefs.receipts),
    tuples: new URL(hrefs.tuples),
    journalWriter: new URL(hrefs.journalWriter),
    journalReader: new URL(hrefs.journalReader),
    lead: new URL(hrefs.lead),
    workflows: new URL(hrefs.workflows),
    sdk: new URL(hrefs.sdk),
    sampleWorkspace: new URL(hrefs.sampleWorkspace),
  }
}
