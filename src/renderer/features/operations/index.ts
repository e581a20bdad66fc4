export { operationsPage } from './operations-page-definition.tsx'
