export { ModuleError } from './module-error.tsx'
export { operationsPage } from './operations-page-definition.tsx'
