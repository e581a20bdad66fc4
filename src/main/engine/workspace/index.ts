/** Folders of operations: finding, reading, watching and trusting them; and loading their modules into a thread. */
export { pruneCodeCaches } from './code-cache.ts'
export { importOperations } from './import-operations.ts'
export { installModuleHooks, type ModuleHooks } from './module-hooks.ts'
export { TrustStore } from './trust-store.ts'
export { Workspace, type WorkspaceSettings } from './workspace.ts'
