import { createHash } from 'node:crypto'
import type { ReceiptsClient } from '../../src/main/engine/receipts/receipts-client.ts'
import type { ProcedureOutput } from '../../src/shared/contract/index.ts'
import { GuardhouseError } from '../../src/shared/errors.ts'
import type { ReceiptSummary } from '../../src/shared/model/receipt.ts'
import type { Answers } from './made-up-host.ts'
import { Random } from './random.ts'

const dayUs = 86_400_000_000
const yools = ['image.resize', 'report.render', 'agent.pr.create', 'index.build', 'mail.digest'] as const
const brokenText = 'its text does not hash to its id: the file was changed'
const statuses = ['ok', 'ok', 'ok', 'ok', 'cached', 'error', 'killed'] as const

type Names = Extract<keyof Answers, `receipts.${string}`>

/** Receipts that nobody left: chains of up to four, some old and purged. */
export class ReceiptAnswers {
  readonly rows: ReceiptSummary[]
  readonly #byId: ReadonlyMap<string, ReceiptSummary>

  /** `tokens`: ids of the tokens that have left them. */
  constructor(count: number, tokens: readonly string[]) {
    const random = new Random(11)
    const now = Date.now() * 1000
    this.rows = []
    for (let n = 0; n < count; n += 1) {
      const age = random.fraction() ** 2 * 120
      const endedAt = Math.round(now - age * dayUs)
      const purged = age > 40 && random.chance(0.7)
      const before = this.rows.at(-1 - random.below(4))
      this.rows.push({
        id: hex(`receipt ${n}`),
        yool: random.pick(yools),
        status: random.pick(statuses),
        inputHash: hex(`input ${n % 97}`),
        startedAt: endedAt - 1000 * (1 + random.below(90_000)),
        endedAt,
        durationMs: 1 + random.below(90_000),
        parentId: before !== undefined && random.chance(0.6) ? before.id : null,
        token: random.chance(0.8) ? (tokens[n] ?? null) : null,
        bodies: random.below(3),
        bytes: 480 + random.below(900),
        purgedAt: purged ? new Date((endedAt + 35 * dayUs) / 1000).toISOString().replace('Z', '+00:00') : null,
        pinned: random.chance(0.02),
      })
    }
    this.#byId = new Map(this.rows.map((row) => [row.id, row]))
  }

  readonly answers: Pick<Answers, Names> = {
    'receipts.query': ({ filter, offset, limit }) => {
      const rows = this.rows
        .filter(
          (row) =>
            (filter.status === undefined || row.status === filter.status) &&
            (filter.pinned === undefined || row.pinned === filter.pinned) &&
            (filter.purged === undefined || (row.purgedAt !== null) === filter.purged) &&
            (filter.token === undefined || row.token === filter.token) &&
            `${row.yool} ${row.id} ${row.token}`.toLowerCase().includes((filter.text ?? '').toLowerCase()),
        )
        .sort((left, right) => right.endedAt - left.endedAt)
      return { rows: rows.slice(offset, offset + limit), matched: rows.length, kept: this.rows.length, lost: 0 }
    },
    'receipts.get': ({ id }) => this.#detail(this.#find(id)),
    'receipts.ofToken': ({ token }) => ({ id: this.rows.find((row) => row.token === token)?.id ?? null }),
    'receipts.graph': ({ id, limit }) => this.#graph(id, limit),
    'receipts.verify': ({ id }) => {
      const { nodes } = this.#graph(id, 500)
      const problems = nodes
        .filter((node) => this.#isBroken(node.id))
        .map((node) => ({ id: node.id, problem: brokenText }))
      const counts = { receipts: nodes.length, bodies: nodes.length, purgedBodies: 0 }
      return { valid: problems.length === 0, ...counts, problems }
    },
    'receipts.artifact': ({ id }) => {
      const content = Buffer.from(`{"made up for": ${JSON.stringify(this.#find(id).yool)}}`)
      return {
        path: 'artifacts/00/00',
        mime: 'application/json',
        bytes: content.length,
        content: content.toString('base64'),
        truncated: false,
      }
    },
    'receipts.put': () => ({ id: hex('put'), auditId: 1 }),
    'receipts.pin': ({ ids }) => ({ changed: ids.length, auditId: 1 }),
  }

  /** What the trail asks of receipts. */
  readonly client: Pick<ReceiptsClient, 'ask'> = {
    ask: async (name: string, input: never) => {
      if (name === 'query') return this.answers['receipts.query'](input)
      return this.#detail(this.#find(input))
    },
  } as unknown as ReceiptsClient

  /** Somebody has changed the file of every fortieth. */
  #isBroken(id: string): boolean {
    return this.rows.findIndex((row) => row.id === id) % 40 === 7
  }

  #find(id: string): ReceiptSummary {
    const found = this.#byId.get(id)
    if (found === undefined) throw new GuardhouseError('not-found', `there is no receipt ${id}`)
    return found
  }

  #detail(row: ReceiptSummary): ProcedureOutput<'receipts.get'> {
    const artifacts = Array.from({ length: row.bodies }, (_, n) => {
      const sha256 = hex(`${row.id} ${n}`)
      return {
        path: `artifacts/${sha256.slice(0, 2)}/${sha256}`,
        sha256,
        sizeBytes: 1200 * (n + 1),
        mime: 'application/json',
        state: row.purgedAt === null ? ('kept' as const) : ('purged' as const),
      }
    })
    const { yool, status, inputHash, durationMs, parentId, id } = row
    const run = { token: row.token, core: 1, slot: 0, attempts: 1, module: 'image.ops.ts', code_sha256: hex('code') }
    const error = status === 'error' ? 'RangeError: too wide' : null
    const text = JSON.stringify({
      args: { arguments: [{ width: 640 }] },
      duration_ms: durationMs,
      error,
      id,
      input_hash: inputHash,
      parent_id: parentId,
      run,
      status,
      yool,
    })
    return { ...row, text, error, artifacts, children: this.#childrenOf(row.id) }
  }

  #childrenOf(id: string): string[] {
    return this.rows.filter((row) => row.parentId === id).map((row) => row.id)
  }

  #graph(id: string, limit: number): ProcedureOutput<'receipts.graph'> {
    const seen = new Set([this.#find(id).id])
    const links: { from: string; to: string; kind: 'parent' }[] = []
    for (const current of seen) {
      if (seen.size >= limit) break
      const { parentId } = this.#find(current)
      for (const child of this.#childrenOf(current)) seen.add(child)
      if (parentId === null) continue
      seen.add(parentId)
      links.push({ from: current, to: parentId, kind: 'parent' })
    }
    const nodes = [...seen].map((each) => ({ ...this.#find(each), missing: false }))
    return { nodes, links: links.filter(({ from, to }) => seen.has(from) && seen.has(to)), cut: seen.size >= limit }
  }
}

function hex(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
