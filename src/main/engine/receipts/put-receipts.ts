import { type ErrorData, GuardhouseError, toErrorData } from '../../../shared/errors.ts'
import { parseJson } from '../json/parse.ts'
import { emptyObject, isObject } from '../json/value.ts'
import { isHash, makeReceipt, type Receipt } from './receipt.ts'
import type { ReceiptStore } from './receipt-store.ts'
import type { PlainDraft, Puttable } from './store-messages.ts'
import { tokenReceipt } from './token-receipt.ts'

/** Receipts of called tokens that a caller's receipt names, at the most. */
const childrenMax = 1000

/**
 * Makes and puts many receipts, made durable together. One answer for each: its id, or why there is none; what is wrong with
 * one keeps no other away. In the given order, so that a caller's receipt finds those of the tokens it called.
 */
export function putReceipts(store: ReceiptStore, items: readonly Puttable[]): (string | ErrorData)[] {
  const made: (Receipt | ErrorData)[] = []
  store.index.transaction(() => {
    for (const item of items) {
      const receipt = attempt(() => makeOne(store, item))
      if ('fields' in receipt) store.insert(receipt)
      made.push(receipt)
    }
  })
  return made.map((receipt) => {
    if (!('fields' in receipt)) return receipt
    store.writeFile(receipt.id, receipt.text)
    return receipt.id
  })
}

function makeOne(store: ReceiptStore, item: Puttable): Receipt {
  if (item.kind === 'plain') return plainReceipt(store, item.draft)
  const { facts } = item
  const children = store.index.idsByParentToken(facts.token, childrenMax)
  return tokenReceipt({ ...facts, answeredFrom: sourceOf(store, facts.answeredFrom) }, children, store.bodies)
}

/** A token answered by an equal one that ran at the same time names that token; by now it has left its receipt. */
function sourceOf(store: ReceiptStore, source: string | null): string | null {
  return source === null || isHash(source) ? source : (store.ofToken(source) ?? source)
}

function plainReceipt(store: ReceiptStore, { args: text, env, bodies, ...draft }: PlainDraft): Receipt {
  const args = text === '' ? emptyObject : parseJson(text)
  if (!isObject(args)) throw new GuardhouseError('bad-request', 'args must be the JSON text of an object')
  const whole = { ...draft, args, env: new Map(env) }
  const bare = makeReceipt(whole)
  // Made once more only where there are bodies, which are stored once it is known to be one.
  if (bodies.length === 0) return bare
  const artifacts = bodies.map(({ content, mime }) => store.bodies.put(content, mime))
  return makeReceipt({ ...whole, artifacts })
}

function attempt(make: () => Receipt): Receipt | ErrorData {
  try {
    return make()
  } catch (error) {
    return toErrorData(error)
  }
}
