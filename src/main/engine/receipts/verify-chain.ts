import type { ChainProblem, ChainReport, LinkKind, ReceiptGraph } from '../../../shared/model/receipt.ts'
import { textAt } from '../json/value.ts'
import { artifactsOf, isHash, type Receipt } from './receipt.ts'
import { answeredFrom, calledBy, problemOf, type ReceiptStore } from './receipt-store.ts'

/** Receipts looked at in one verification; enough for any chain that a person waits for. */
const verifiedMax = 100_000

/** What a receipt commits to by its hash: its parent, receipts of tokens it called, the receipt it was answered from. */
export function linksOf({ fields }: Receipt): { to: string; kind: LinkKind }[] {
  const parent = textAt(fields, 'parent_id')
  const source = answeredFrom(fields)
  return [
    ...(parent === null ? [] : [{ to: parent, kind: 'parent' as const }]),
    ...calledBy(fields).map((to) => ({ to, kind: 'called' as const })),
    ...(source === null ? [] : [{ to: source, kind: 'answered-from' as const }]),
  ]
}

/**
 * Checks a receipt and everything it commits to, to the end: each content hashes to its id, nothing is missing, every
 * body that is kept hashes to what the receipt says. Rings cannot exist: a receipt would
 * have to hold the hash of itself.
 */
export function verifyChain(store: ReceiptStore, id: string): ChainReport {
  const problems: ChainProblem[] = []
  const seen = new Set<string>([id])
  const open = [id]
  let bodies = 0
  let purgedBodies = 0
  // The first must exist; of the others it is a finding when they do not. A damaged one is a finding in any case.
  store.requireKnown(id)
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const receipt = readOne(store, next, problems)
    if (receipt === null) continue
    const purged = store.isPurged(next) || receipt.fields.get('artifacts_purged_at') !== null
    for (const artifact of artifactsOf(receipt.fields)) {
      const state = store.bodies.stateOf(artifact, purged, true)
      if (state === 'kept') bodies += 1
      else if (state === 'purged') purgedBodies += 1
      else problems.push({ id: next, problem: `its artifact ${artifact.path} is ${wordOf[state]}` })
    }
    for (const { to } of linksOf(receipt)) {
      if (seen.has(to)) continue
      if (seen.size >= verifiedMax) return report(false, [...problems, tooLong(to)])
      seen.add(to)
      open.push(to)
    }
  }
  return report(problems.length === 0, problems)

  function report(valid: boolean, found: readonly ChainProblem[]): ChainReport {
    return { valid, receipts: seen.size, bodies, purgedBodies, problems: found }
  }
}

/** Receipts around one: what it commits to, and what commits to it, up to `limit`, nearest first. */
export function receiptGraph(store: ReceiptStore, id: string, limit: number): ReceiptGraph {
  store.get(id)
  const seen = new Set<string>([id])
  const links = new Map<string, { from: string; to: string; kind: LinkKind }>()
  const nodes: ReceiptGraph['nodes'][number][] = []
  let cut = false
  for (const current of seen) {
    const receipt = readOne(store, current, [])
    const summary = store.summary(current)
    nodes.push(summary === null || receipt === null ? missing(current) : { ...summary, missing: false })
    if (receipt === null) continue
    const caller = store.callerOf(current)
    const called = caller === null ? [] : [{ from: caller, to: current, kind: 'called' as const }]
    const inward = store.index
      .idsByParent(current, limit)
      .map((from) => ({ from, to: current, kind: 'parent' as const }))
    for (const link of [
      ...linksOf(receipt).map(({ to, kind }) => ({ from: current, to, kind })),
      ...inward,
      ...called,
    ]) {
      const other = link.from === current ? link.to : link.from
      if (!seen.has(other) && seen.size >= limit) {
        cut = true
        continue
      }
      seen.add(other)
      links.set(`${link.from} ${link.to} ${link.kind}`, link)
    }
  }
  return { nodes, links: [...links.values()], cut }
}

const wordOf = {
  missing: 'missing, though no collection has removed it',
  changed: 'changed: its content has another hash',
  outside: 'outside of the catalog and is not looked at',
} as const

function readOne(store: ReceiptStore, id: string, problems: ChainProblem[]): Receipt | null {
  if (!isHash(id)) {
    problems.push({ id, problem: 'is no receipt id' })
    return null
  }
  try {
    const receipt = store.read(id)
    if (receipt === null) problems.push({ id, problem: 'is named by another receipt and is not there' })
    return receipt
  } catch (error) {
    problems.push({ id, problem: problemOf(error) })
    return null
  }
}

function tooLong(id: string): ChainProblem {
  return { id, problem: `the chain goes on beyond ${verifiedMax} receipts and was not followed further` }
}

function missing(id: string): ReceiptGraph['nodes'][number] {
  return {
    id,
    yool: '',
    status: 'missing',
    inputHash: '',
    startedAt: 0,
    endedAt: 0,
    durationMs: 0,
    parentId: null,
    token: null,
    bodies: 0,
    bytes: 0,
    purgedAt: null,
    pinned: false,
    missing: true,
  }
}
