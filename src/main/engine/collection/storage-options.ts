import { anyNumber, choice, onOff, wholeNumber } from '../scheduler/option-definition.ts'

const group = 'Storage'

/** Which tokens leave a receipt: those whose operation has the tag `receipt` or `cache`, every one, or only those with `cache`. */
export const receiptPolicies = ['tagged', 'all', 'none'] as const
export type ReceiptPolicy = (typeof receiptPolicies)[number]

export interface StorageOptions {
  readonly receipts: ReceiptPolicy
  readonly hotDays: number
  readonly warmDays: number
  readonly storageMaxMiB: number
  readonly collectNightly: boolean
  readonly collectHour: number
  readonly diskFloorMiB: number
}

/** Days, cap, hour and floor of the original (section 5); all of them live. */
export const storageOptions = {
  receipts: choice({
    group,
    live: true,
    summary:
      'Which tokens leave a receipt: those whose operation is tagged, all, or none but those that serve as cache',
    default: 'tagged',
    choices: receiptPolicies,
  }),
  hotDays: anyNumber({
    group,
    live: true,
    summary: 'Age up to which a collection leaves the bodies of receipts',
    unit: 'days',
    default: 30,
    minimum: 0,
    maximum: 36_500,
  }),
  warmDays: anyNumber({
    group,
    live: true,
    summary: 'Age up to which a collection leaves logs, traces and the journal',
    unit: 'days',
    default: 365,
    minimum: 0,
    maximum: 36_500,
  }),
  storageMaxMiB: anyNumber({
    group,
    live: true,
    summary: 'Size to which a collection brings everything that is kept, oldest first',
    unit: 'MiB',
    default: 5000,
    minimum: 0,
    maximum: 100_000_000,
  }),
  collectNightly: onOff({
    group,
    live: true,
    summary: 'Whether a collection runs once a day by itself',
    default: true,
  }),
  collectHour: wholeNumber({
    group,
    live: true,
    summary: 'Hour of the day, local time, at which it runs',
    unit: 'o’clock',
    default: 3,
    minimum: 0,
    maximum: 23,
  }),
  diskFloorMiB: anyNumber({
    group,
    live: true,
    summary: 'Free space on the disk below which a collection runs at once',
    unit: 'MiB',
    default: 1000,
    minimum: 0,
    maximum: 100_000_000,
  }),
}
