import { nodeStates } from '../../shared/contract/workflows.ts'

/** CSS variables of the states of nodes, in the order of `nodeStates`: the palette of tokens, so that a colour means one thing. */
export const stateColors: readonly string[] = [
  '--hairline-strong',
  '--state-executing',
  '--state-completed',
  '--state-failed',
  '--state-timeout',
]

export const nodeStateLabels: Readonly<Record<(typeof nodeStates)[number], string>> = {
  'not-reached': 'Not reached',
  running: 'Running',
  succeeded: 'Succeeded',
  failed: 'Failed',
  other: 'Other outcome',
}

/** Drawn in front of the name, so that colour is never the only sign. */
export const nodeStateSigns = ['○', '▶', '✓', '✕', '◆'] as const

export function nodeStateLabel(state: number): string {
  return nodeStateLabels[nodeStates[state] ?? 'not-reached']
}
