export { workflowsPage } from './workflows-page-definition.tsx'
