import { anyNumber, choice, onOff, wholeNumber } from '../scheduler/option-definition.ts'

const group = 'Guard house'

export const spikeModes = ['off', 'report', 'quarantine'] as const
export type SpikeMode = (typeof spikeModes)[number]

/** What the guard house counts, when it blocks and what it holds back. All of them are live. */
export const guardOptions = {
  autoBlockDangerous: onOff({
    group,
    live: true,
    summary: 'Whether an operation that fails nearly always is refused until it is unblocked or a probe succeeds',
    default: false,
  }),
  blockFailureRate: anyNumber({
    group,
    live: true,
    summary: 'Share of failed runs above which an operation is blocked',
    unit: '%',
    default: 90,
    minimum: 1,
    maximum: 100,
  }),
  blockMinimumAttempts: wholeNumber({
    group,
    live: true,
    summary: 'Runs before an operation may be blocked',
    unit: 'runs',
    default: 10,
    minimum: 1,
    maximum: 1_000_000,
  }),
  blockProbeMs: wholeNumber({
    group,
    live: true,
    summary:
      'Time after which one call of a blocked operation is let through as a probe; it doubles with every probe that fails',
    unit: 'ms',
    default: 30_000,
    minimum: 10,
    maximum: 86_400_000,
  }),
  quickFailureMs: wholeNumber({
    group,
    live: true,
    summary: 'Failed runs shorter than this count as quick failures',
    unit: 'ms',
    default: 10_000,
    minimum: 0,
    maximum: 86_400_000,
  }),
  spikeDetection: choice({
    group,
    live: true,
    summary:
      'What happens to a call whose arguments are far larger than usual for its operation: nothing, a report, or quarantine',
    default: 'report',
    choices: spikeModes,
  }),
  spikeDeviation: anyNumber({
    group,
    live: true,
    summary: 'How far above the average, as a multiple of it, arguments or a run time must be to count as a spike',
    unit: '',
    default: 2,
    minimum: 0.1,
    maximum: 1000,
  }),
  spikeMinimumCalls: wholeNumber({
    group,
    live: true,
    summary: 'Calls of an operation before its arguments and run times are judged',
    unit: 'calls',
    default: 5,
    minimum: 2,
    maximum: 1_000_000,
  }),
  quarantineMax: wholeNumber({
    group,
    live: true,
    summary:
      'Calls that may wait in quarantine; beyond it the oldest gives up its arguments and can no longer be approved',
    unit: 'calls',
    default: 100,
    minimum: 1,
    maximum: 10_000,
  }),
  recentExecutionsMax: wholeNumber({
    group,
    live: true,
    summary: 'Finished tokens that a dump of the history holds unless told otherwise',
    unit: 'tokens',
    default: 100,
    minimum: 1,
    maximum: 1_000_000,
  }),
}
