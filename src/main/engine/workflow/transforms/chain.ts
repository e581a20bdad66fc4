import { keccak_256 } from '@noble/hashes/sha3.js'
import { printCanonical } from '../../json/print.ts'
import {
  integer,
  isArray,
  isInteger,
  isNumber,
  isObject,
  JsonFloat,
  type JsonNumber,
  type JsonValue,
  object,
  toDouble,
} from '../../json/value.ts'
import { walkKeys } from '../paths/walk.ts'
import { prefixedHex } from './hex.ts'
import { naturalNumber, required, requiredList, wrongType } from './inputs.ts'
import { defineTransform, TransformError } from './transform.ts'

// The first slot of the chain, and how long one lasts.
const genesisMilliseconds = Date.UTC(2026, 0, 1)
const slotMilliseconds = 30_000n

export const deriveSlotEpoch = defineTransform('CT_PURE_DERIVE_SLOT_EPOCH_V0', (inputs) => {
  const slot = BigInt(naturalNumber(inputs, 'slot_number'))
  const perEpoch = BigInt(naturalNumber(inputs, 'slots_per_epoch', 32))
  if (perEpoch === 0n) throw new TransformError('slots_per_epoch must be positive')
  return object({
    round_number: integer(slot),
    slot_index: integer(slot % perEpoch),
    epoch_number: integer(slot / perEpoch),
    timestamp: inputs.get('slot_start_ts') ?? slotStart(slot),
  })
})

/** The validators take turns by round. */
export const selectProposer = defineTransform('CT_PURE_SELECT_PROPOSER_V0', (inputs) => {
  const validators = requiredList(inputs, 'eligible_validators')
  const round = BigInt(naturalNumber(inputs, 'round_number'))
  if (validators.length === 0) throw new TransformError('eligible_validators must not be empty')
  const chosen = validators[Number(round % BigInt(validators.length))]
  const proposer = isObject(chosen) ? chosen.get('actor_id') : undefined
  if (proposer === undefined) throw new TransformError('the selected validator has no actor_id')
  return object({ proposer_id: proposer })
})

export const hashBlock = defineTransform('CT_PURE_HASH_BLOCK_V0', (inputs) => {
  const canonical = printCanonical(required(inputs, 'block'))
  return object({ content_hash: prefixedHex(keccak_256(new TextEncoder().encode(canonical))) })
})

export const extractPredecessorHash = defineTransform('CT_PURE_EXTRACT_PREDECESSOR_HASH_V0', (inputs) =>
  object({ predecessor_hash: walkKeys(required(inputs, 'block'), ['predecessor_hash']) }),
)

/** What every wallet holds after all transactions of a history. */
export const deriveBalances = defineTransform('CT_PURE_DERIVE_BALANCES_V0', (inputs) => {
  const history = inputs.get('committed_history') ?? []
  if (!isArray(history)) throw wrongType('committed_history', 'list', history)
  const balances = new Map<string, JsonValue>()
  for (const entry of history) {
    const transactions = walkKeys(entry, ['record', 'transactions'])
    for (const transaction of isArray(transactions) ? transactions : []) applyTransaction(transaction, balances)
  }
  return object({ reconciled_balances: balances })
})

function applyTransaction(transaction: JsonValue, balances: Map<string, JsonValue>): void {
  const amount = walkKeys(transaction, ['amount']) ?? 0
  if (!isNumber(amount)) throw wrongType('amount', 'number', amount)
  const from = walkKeys(transaction, ['from_wallet'])
  const to = walkKeys(transaction, ['to_wallet'])
  if (typeof from === 'string') balances.set(from, add(balances.get(from), negated(amount)))
  if (typeof to === 'string') balances.set(to, add(balances.get(to), amount))
}

function add(balance: JsonValue | undefined, amount: JsonNumber): JsonNumber {
  const before = isNumber(balance) ? balance : 0
  if (isInteger(before) && isInteger(amount)) return integer(BigInt(before) + BigInt(amount))
  return new JsonFloat(toDouble(before) + toDouble(amount))
}

function negated(amount: JsonNumber): JsonNumber {
  return isInteger(amount) ? integer(-BigInt(amount)) : new JsonFloat(-amount.value)
}

function slotStart(slot: bigint): string {
  const start = new Date(genesisMilliseconds + Number(slot * slotMilliseconds))
  if (Number.isNaN(start.getTime())) throw new TransformError('slot_number lies beyond every date')
  return start.toISOString().replace('.000Z', 'Z')
}
