import { wholeNumber } from '../option-definition.ts'

function tokensAtOnce(speed: string, standard: number) {
  return wholeNumber({
    group: 'Storage',
    live: true,
    summary: `Tokens with storageSpeed ${speed} past the gate at once; a smaller number takes effect as tokens end`,
    unit: 'tokens',
    default: standard,
    minimum: 1,
    maximum: 100_000,
  })
}

const group = 'Retries'
const longestWait = 86_400_000

/** Limits of the storage tiers, and what a tag `retry` leaves open. All of them are live. */
export const tagOptions = {
  storageSlow: tokensAtOnce('SLOW', 10),
  storageModerate: tokensAtOnce('MODERATE', 25),
  storageFast: tokensAtOnce('FAST', 50),
  storageInsane: tokensAtOnce('INSANE', 70),
  retryTimes: wholeNumber({
    group,
    live: true,
    summary: 'Further attempts of a failed token whose tag retry names no number',
    unit: 'retries',
    default: 2,
    minimum: 0,
    maximum: 100,
  }),
  retryDelayMs: wholeNumber({
    group,
    live: true,
    summary: 'Wait before the first retry, where the tag names none',
    unit: 'ms',
    default: 200,
    minimum: 0,
    maximum: longestWait,
  }),
  retryShortestRunMs: wholeNumber({
    group,
    live: true,
    summary: 'An attempt that failed sooner is not repeated, unless the tag says otherwise',
    unit: 'ms',
    default: 0,
    minimum: 0,
    maximum: longestWait,
  }),
  retryLongestRunMs: wholeNumber({
    group,
    live: true,
    summary: 'An attempt that failed later is not repeated, unless the tag says otherwise',
    unit: 'ms',
    default: 60_000,
    minimum: 1,
    maximum: longestWait,
  }),
}
