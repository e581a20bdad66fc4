import type { HealthClass } from '../../../shared/contract/guard.ts'

/** Health in words, worst first, with a sign that says the same as the colour. */
export const healthWords: Readonly<Record<HealthClass, { readonly words: string; readonly sign: string }>> = {
  problematic: { words: 'problematic', sign: '!' },
  at_risk: { words: 'at risk', sign: '~' },
  healthy: { words: 'healthy', sign: '+' },
  excellent: { words: 'excellent', sign: '✓' },
  unknown: { words: 'too few runs', sign: '?' },
}

export const healthOrder = Object.keys(healthWords) as HealthClass[]
