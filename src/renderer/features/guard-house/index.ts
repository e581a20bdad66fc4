export { guardHousePage } from './guard-house-page.tsx'
