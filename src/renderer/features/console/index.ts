export { consolePage } from './console-page.tsx'
