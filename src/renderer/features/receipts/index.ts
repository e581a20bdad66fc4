export { receiptsPage } from './receipts-page.tsx'
