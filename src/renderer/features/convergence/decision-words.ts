import type { ConvergenceDecision } from '../../../shared/contract/convergence.ts'
import { formatPlural } from '../../ui/format.ts'

const ruleWords: Readonly<Record<string, string>> = {
  bounds: 'outside its bounds',
  wait: 'tokens wait too long',
  depth: 'too many tokens queue',
  busy: 'its workers are busy and tokens queue',
  'swing-rising': 'run times spread (recorded only)',
  idle: 'its workers have little to do',
  'swing-falling': 'run times even out (recorded only)',
  balanced: 'nothing to change',
}

const holdWords: Readonly<Record<NonNullable<ConvergenceDecision['heldBy']>, string>> = {
  'at-bound': 'no further step is allowed',
  'not-yet': 'more looks must agree',
  cooldown: 'the last change is too recent',
  'by-hand': 'a person chose the pattern',
  'would-not-fit': 'what is busy would not fit fewer workers',
  'known-pressure': 'fewer workers were too few for as much work before',
}

export function ruleText(rule: string): string {
  return ruleWords[rule] ?? rule
}

/** What came of a look, in a few words. */
export function outcomeText({ from, to, heldBy }: Pick<ConvergenceDecision, 'from' | 'to' | 'heldBy'>): string {
  if (from !== to) return `${from} → ${to} workers`
  const kept = `${formatPlural(to, 'worker')} kept`
  return heldBy === null ? kept : `${kept}: ${holdWords[heldBy]}`
}
