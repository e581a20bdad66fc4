export { busPage } from './bus-page.tsx'
