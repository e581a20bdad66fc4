export { convergencePage } from './convergence-page.tsx'
