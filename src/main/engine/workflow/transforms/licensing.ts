import { compareNumbers } from '../../json/equality.ts'
import { isNumber, type JsonNumber, object } from '../../json/value.ts'
import { required, requiredCount, wrongType } from './inputs.ts'
import { microsecondsPerDay, readIsoDate } from './iso-date.ts'
import { defineTransform, TransformError } from './transform.ts'

/** Whether the training is completed. */
export const checkTrainingStatus = defineTransform('CT_PURE_CHECK_TRAINING_STATUS_V0', (inputs) => {
  const completed = required(inputs, 'training_completed')
  if (typeof completed !== 'boolean') throw wrongType('training_completed', 'bool', completed)
  return object({ is_eligible: completed })
})

/** Whether fewer are assigned than the quota allows. */
export const checkQuotaAvailable = defineTransform('CT_PURE_CHECK_QUOTA_AVAILABLE_V0', (inputs) => {
  const assigned = requiredCount(inputs, 'assigned_count')
  const quota = requiredCount(inputs, 'quota')
  if (quota < 0) throw new TransformError(`quota must be non-negative, got ${quota}`)
  return object({ quota_available: assigned < quota })
})

// What stands for the days since a date that is not known.
const unknownDays = 999

/** Whole days since the last activity, and whether they reach the threshold. No date at all counts as inactive. */
export const evaluateInactivity = defineTransform('CT_PURE_EVALUATE_INACTIVITY_V0', (inputs, { clock }) => {
  const lastActive = inputs.get('last_active_date') ?? ''
  if (lastActive === '') return object({ is_inactive: true, days_inactive: unknownDays })
  const threshold = inputs.get('threshold_days') ?? 30
  if (!isNumber(threshold)) throw wrongType('threshold_days', 'int', threshold)
  const current = inputs.get('current_date') ?? ''
  const now = current === '' ? BigInt(clock.wallMicroseconds()) : dateOf(current)
  const last = dateOf(lastActive)
  const days = now === null || last === null ? unknownDays : Number(floorDivide(now - last, microsecondsPerDay))
  return object({ is_inactive: reaches(days, threshold), days_inactive: days })
})

function dateOf(value: unknown): bigint | null {
  return typeof value === 'string' ? readIsoDate(value) : null
}

function reaches(days: number, threshold: JsonNumber): boolean {
  return compareNumbers(days, threshold) >= 0
}

/** Rounds down, also below zero. */
function floorDivide(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor
  return value % divisor < 0n ? quotient - 1n : quotient
}
