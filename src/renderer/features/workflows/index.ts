export { TraceImport } from './trace-import.tsx'
export { workflowsPage } from './workflows-page-definition.tsx'
