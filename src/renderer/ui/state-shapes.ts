import type { TokenState } from '../../shared/model/token.ts'

/** Words for the states, as they stand on every page. */
export const stateLabels: Readonly<Record<TokenState, string>> = {
  CREATED: 'Created',
  WAITING: 'Waiting',
  ADMITTED: 'Admitted',
  EXECUTING: 'Executing',
  COMPLETED: 'Completed',
  FAILED: 'Failed',
  KILLED: 'Killed',
  TIMEOUT: 'Timed out',
}

export interface StateShape {
  /** SVG path in a box of 12 by 12, drawn as a line 1.5 wide. */
  readonly stroke?: string
  readonly dashes?: string
  /** SVG path in a box of 12 by 12, filled by the even-odd rule. */
  readonly fill?: string
}

const ring = 'M6 1.5a4.5 4.5 0 1 1 0 9a4.5 4.5 0 1 1 0-9z'

/** One shape per state, so that colour is never the only sign. The paths also draw on canvas, through Path2D. */
export const stateShapes: Readonly<Record<TokenState, StateShape>> = {
  CREATED: { stroke: ring, dashes: '1.4 2.13' },
  WAITING: { stroke: ring },
  ADMITTED: { stroke: ring, fill: 'M6 1.5a4.5 4.5 0 0 0 0 9z' },
  EXECUTING: { fill: 'M2.5 1.3v9.4a.6.6 0 0 0 .92.5l7.3-4.7a.6.6 0 0 0 0-1L3.42.8a.6.6 0 0 0-.92.5z' },
  COMPLETED: { stroke: 'M2 6.6l2.8 2.8L10 3.2' },
  FAILED: { stroke: 'M2.4 2.4l7.2 7.2M9.6 2.4l-7.2 7.2' },
  KILLED: { fill: 'M2.5 1.5h7a1 1 0 0 1 1 1v7a1 1 0 0 1-1 1h-7a1 1 0 0 1-1-1v-7a1 1 0 0 1 1-1z' },
  TIMEOUT: {
    stroke: 'M2.5 1.2h7M2.5 10.8h7',
    fill: 'M3 1.5h6c0 2.2-1.2 3.4-2.4 4.5c1.2 1.1 2.4 2.3 2.4 4.5h-6c0-2.2 1.2-3.4 2.4-4.5c-1.2-1.1-2.4-2.3-2.4-4.5z',
  },
}
