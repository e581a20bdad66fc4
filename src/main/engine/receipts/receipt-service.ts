import { z } from 'zod'
import { GuardhouseError } from '../../../shared/errors.ts'
import { fromPlain } from '../json/from-plain.ts'
import type { ContextService } from '../scheduler/context-services.ts'
import { canonicalJson } from './canonical-json.ts'
import type { ReceiptsClient } from './receipts-client.ts'
import type { PlainDraft } from './store-messages.ts'

const text = z.string().max(65_536)
const hash = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 digits 0-9 and a-f')
const input = z.strictObject({
  yool: z.string().min(1).max(256),
  args: z.record(z.string(), z.unknown()).optional(),
  argsText: z.string().optional(),
  status: z.string().min(1).max(100).default('ok'),
  startedAt: text,
  endedAt: text,
  error: text.optional(),
  parentId: hash.optional(),
  files: z.array(hash).default([]),
  env: z.record(z.string(), text).default({}),
  bodies: z
    .array(z.strictObject({ content: z.union([z.string(), z.instanceof(Uint8Array)]), mime: text.optional() }))
    .default([]),
})

/** What operations reach as `context().receipts`. */
export class ReceiptService implements ContextService {
  readonly #client: ReceiptsClient

  constructor(client: ReceiptsClient) {
    this.#client = client
  }

  async call(method: string, values: readonly unknown[]): Promise<unknown> {
    const [first, second] = values
    switch (method) {
      case 'put':
        return this.#client.put({ kind: 'plain', draft: readDraft(first) })
      case 'get':
        return this.#client.ask('detail', parse(z.string(), first, 'id'))
      case 'find':
        return this.#find(parse(z.string(), first, 'yool'), parse(z.number().int().min(1).max(1000), second, 'limit'))
      case 'artifact': {
        const request = { id: parse(z.string(), first, 'id'), sha256: parse(z.string(), second, 'sha256') }
        return (await this.#client.ask('body', request)).content
      }
      case 'verify':
        return this.#client.ask('verify', parse(z.string(), first, 'id'))
    }
    throw new GuardhouseError('not-found', `receipts have no method ${method}`)
  }

  async #find(yool: string, limit: number): Promise<string[]> {
    const { rows } = await this.#client.ask('query', { filter: { yool }, offset: 0, limit })
    return rows.map((row) => row.id)
  }
}

function readDraft(given: unknown): PlainDraft {
  const { args, argsText, error, parentId, env, bodies, ...draft } = parse(input, given, 'receipt')
  return {
    ...draft,
    args: argsText ?? canonicalJson(fromPlain(args ?? {})),
    error: error ?? null,
    parentId: parentId ?? null,
    env: Object.entries(env),
    cpuQuotaPct: 100,
    bodies: bodies.map(({ content, mime = 'application/octet-stream' }) => ({
      content: typeof content === 'string' ? Buffer.from(content) : content,
      mime,
    })),
  }
}

function parse<Schema extends z.ZodType>(schema: Schema, value: unknown, what: string): z.output<Schema> {
  const read = schema.safeParse(value)
  if (read.success) return read.data
  const [issue] = read.error.issues
  const place = [what, ...(issue?.path ?? [])].join('.')
  throw new GuardhouseError('bad-request', `${place}: ${issue?.message ?? 'is not what is expected here'}`)
}
