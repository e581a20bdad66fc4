export { consolePage } from './console-page.tsx'
export { workerLinesPath } from './console-place.ts'
