// Playwright carries the types of the whole debugging protocol but does not export them by name.
export type { Protocol } from '../../../node_modules/playwright-core/types/protocol.d.ts'
