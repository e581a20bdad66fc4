export { storagePage } from './storage-page.tsx'
