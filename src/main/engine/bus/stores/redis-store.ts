import { randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
import { GuardhouseError } from '../../../../shared/errors.ts'
import type { Tuple } from '../../../../shared/model/bus.ts'
import { type Matcher, matches } from '../matcher.ts'
import { parseTuple } from '../parse-tuple.ts'
import { spacedText } from '../tuple-text.ts'
import { PacedCounts } from './paced-counts.ts'
import { type RedisScript, redisScripts } from './redis-scripts.ts'
import { defaultMaxTuples, tooManyTuples } from './resident-limit.ts'
import type { LaneCount, Lease, StorePage, Taken, TupleStore } from './tuple-store.ts'

type ScriptCommand = (prefix: string, ...values: readonly (string | number)[]) => Promise<unknown>

export interface RedisStoreOptions {
  /** `redis://…`, `rediss://…`, or the path of a unix socket. */
  readonly url: string
  /** Spaces with other names on the same server do not touch each other. */
  readonly name?: string
  /** How long a call waits for a server that is away before it fails, milliseconds. */
  readonly patienceMs?: number
  /** How often to look for leases that ended while somebody waits, milliseconds. */
  readonly expireEveryMs?: number
  readonly maxTuples?: number | undefined
}

/** What is taken for good is lent for this long until it is removed: an answer that never arrives loses nothing. Milliseconds. */
const takingMs = 10_000
/** Tuples looked at together when the indexes do not tell. */
const pageSize = 100

/** Tuples on a Redis server. Every call can be sent again: an answer lost with its connection neither loses nor doubles a tuple. */
export class RedisStore implements TupleStore {
  readonly name = 'redis'
  readonly shared = true
  readonly lasting = true
  readonly #url: string
  readonly #prefix: string
  readonly #patienceMs: number
  readonly #expireEveryMs: number
  #maxTuples: number
  readonly #redis: Redis
  readonly #listeners = new Set<() => void>()
  readonly #counts = new PacedCounts()
  #subscriber: Redis | null = null
  #expiring: NodeJS.Timeout | null = null

  constructor(options: RedisStoreOptions) {
    const { url, name = 'guardhouse', patienceMs = 10_000, expireEveryMs = 100, maxTuples = defaultMaxTuples } = options
    this.#maxTuples = maxTuples
    this.#url = url
    this.#prefix = `{bus:${name}}:`
    this.#patienceMs = patienceMs
    this.#expireEveryMs = expireEveryMs
    this.#redis = this.#connect()
  }

  async put(tuple: Tuple): Promise<boolean> {
    const answer = await this.#run('put', ...putValues(tuple), this.#maxTuples)
    if (answer === -1) throw tooManyTuples(this.#maxTuples)
    return answer === 1
  }

  async take(matcher: Matcher, leaseMs: number | null): Promise<Taken | null> {
    const lent = await this.#lend(matcher, leaseMs ?? takingMs)
    if (lent === null || leaseMs !== null) return lent
    // Removed only by whoever has it in hands; one that was away too long has lost it to the next.
    if (lent.lease !== null && !(await this.acknowledge(lent.lease))) return this.take(matcher, leaseMs)
    return { ...lent, lease: null }
  }

  async read(matcher: Matcher): Promise<Tuple | null> {
    if (matcher.accepts === null && matcher.id === null) {
      const [id] = await this.#call(() => this.#redis.zrange(this.#prefix + setOf(matcher), '0', '0'))
      return id === undefined ? null : this.#body(id)
    }
    for await (const tuple of this.#candidates(matcher)) if (matches(matcher, tuple)) return tuple
    return null
  }

  async acknowledge({ id, holder }: Lease): Promise<boolean> {
    return (await this.#run('acknowledge', id, holder)) === 1
  }

  async replace({ id, holder }: Lease, tuple: Tuple): Promise<boolean> {
    return (await this.#run('replace', id, holder, ...putValues(tuple))) === 1
  }

  async renew({ id, holder }: Lease, leaseMs: number): Promise<boolean> {
    return (await this.#run('renew', id, holder, leaseMs)) === 1
  }

  async giveBack({ id, holder }: Lease, unused = false): Promise<boolean> {
    return (await this.#run('giveBack', id, holder, unused ? 1 : 0)) === 1
  }

  async expire(): Promise<number> {
    return (await this.#run('expire')) as number
  }

  async discard(lane: string, keep: number): Promise<number> {
    let count = 0
    for (;;) {
      const removed = (await this.#run('discard', `lane:${lane}`, keep)) as number
      if (removed === 0) return count
      count += removed
    }
  }

  async list(matcher: Matcher, offset: number, limit: number): Promise<StorePage> {
    const [bodies, holders, metas] = await this.#call(() =>
      Promise.all([
        this.#redis.hgetall(`${this.#prefix}bodies`),
        this.#redis.hgetall(`${this.#prefix}holders`),
        this.#redis.hgetall(`${this.#prefix}meta`),
      ]),
    )
    const found = Object.entries(bodies).flatMap(([id, body]) => {
      const tuple = parseTuple(body)
      if (!matches(matcher, tuple)) return []
      const { position = 0, deliveries = 0 } = JSON.parse(metas[id] ?? '{}') as {
        position?: number
        deliveries?: number
      }
      return [{ tuple, leased: id in holders, deliveries, position }]
    })
    found.sort((a, b) => a.position - b.position)
    const tuples = found.slice(offset, offset + limit).map(({ position, ...entry }) => entry)
    return { tuples, matched: found.length }
  }

  async lanes(): Promise<readonly LaneCount[]> {
    const kept = this.#counts.kept()
    if (kept !== null) return kept
    const from = performance.now()
    const answer = (await this.#run('lanes')) as [string, number, number][]
    const lanes = answer.map(([lane, waiting, leased]) => ({
      lane: JSON.parse(lane) as string | null,
      waiting,
      leased,
    }))
    lanes.sort((a, b) => b.waiting + b.leased - a.waiting - a.leased)
    return this.#counts.keep(lanes, from)
  }

  limitTo(maxTuples: number): void {
    this.#maxTuples = maxTuples
  }

  onArrival(listener: () => void): () => void {
    this.#listeners.add(listener)
    if (this.#subscriber === null) this.#listen()
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size === 0) this.#stopListening()
    }
  }

  async close(): Promise<void> {
    this.#stopListening()
    this.#redis.disconnect()
  }

  async #lend(matcher: Matcher, leaseMs: number): Promise<Taken | null> {
    if (matcher.accepts === null && matcher.id === null) return this.#lendFrom(setOf(matcher), '', leaseMs)
    for await (const tuple of this.#candidates(matcher)) {
      if (!matches(matcher, tuple)) continue
      // Somebody else may have been quicker: then on to the next.
      const taken = await this.#lendFrom('', tuple.id, leaseMs)
      if (taken !== null) return taken
    }
    return null
  }

  async #lendFrom(set: string, id: string, leaseMs: number): Promise<Taken | null> {
    const holder = randomUUID()
    const answer = (await this.#run('lend', set, id, leaseMs, holder)) as [string, number] | null
    if (answer === null) return null
    const tuple = parseTuple(answer[0])
    return { tuple, lease: { id: tuple.id, holder }, deliveries: answer[1] }
  }

  /** Free tuples that lane, yool or id leave, oldest first. */
  async *#candidates(matcher: Matcher): AsyncGenerator<Tuple> {
    if (matcher.id !== null) {
      const { id } = matcher
      const free = await this.#call(() => this.#redis.zscore(`${this.#prefix}all`, id))
      const tuple = free === null ? null : await this.#body(id)
      if (tuple !== null) yield tuple
      return
    }
    let after = '-inf'
    for (;;) {
      const found = await this.#call(() =>
        this.#redis.zrangebyscore(this.#prefix + setOf(matcher), after, '+inf', 'WITHSCORES', 'LIMIT', 0, pageSize),
      )
      if (found.length === 0) return
      for (let index = 0; index < found.length; index += 2) {
        const tuple = await this.#body(found[index] ?? '')
        if (tuple !== null) yield tuple
        after = `(${found[index + 1]}`
      }
    }
  }

  async #body(id: string): Promise<Tuple | null> {
    const body = await this.#call(() => this.#redis.hget(`${this.#prefix}bodies`, id))
    return body === null ? null : parseTuple(body)
  }

  #run(script: RedisScript, ...values: readonly (string | number)[]): Promise<unknown> {
    const commands = this.#redis as unknown as Record<`bus_${RedisScript}`, ScriptCommand>
    return this.#call(() => commands[`bus_${script}`](this.#prefix, ...values))
  }

  async #call<T>(command: () => Promise<T>): Promise<T> {
    try {
      return await command()
    } catch (cause) {
      throw this.#problem(cause)
    }
  }

  #problem(cause: unknown): GuardhouseError {
    const why = cause instanceof Error ? cause.message : String(cause)
    if (cause instanceof Error && cause.name === 'ReplyError') {
      return new GuardhouseError('internal', `the Redis server refused: ${why}`, { cause })
    }
    // What the client says of that is about its own settings.
    const isGone = cause instanceof Error && cause.name === 'MaxRetriesPerRequestError'
    return new GuardhouseError(
      'disconnected',
      `the Redis server at ${withoutSecret(this.#url)} does not answer${isGone ? ` for ${this.#patienceMs} ms` : `: ${why}`}`,
      {
        hint: 'Start it or look at the address; what it holds is kept, and waiters go on once it is back.',
        cause,
      },
    )
  }

  #connect(): Redis {
    const retryEveryMs = 100
    const redis = new Redis(this.#url, {
      retryStrategy: () => retryEveryMs,
      maxRetriesPerRequest: Math.max(1, Math.ceil(this.#patienceMs / retryEveryMs)),
      enableReadyCheck: true,
    })
    for (const [name, lua] of Object.entries(redisScripts)) redis.defineCommand(`bus_${name}`, { numberOfKeys: 1, lua })
    // Every call tells its own trouble.
    redis.on('error', () => undefined)
    return redis
  }

  #listen(): void {
    const subscriber = this.#connect()
    this.#subscriber = subscriber
    const tell = () => this.#tell()
    subscriber.on('message', tell)
    // Whatever was said while the server or the line was away was not heard.
    subscriber.on('ready', tell)
    subscriber.subscribe(`${this.#prefix}arrivals`).then(tell, () => undefined)
    this.#expiring = setInterval(() => void this.expire().catch(() => undefined), this.#expireEveryMs)
    this.#expiring.unref()
  }

  #stopListening(): void {
    this.#subscriber?.disconnect()
    this.#subscriber = null
    if (this.#expiring !== null) clearInterval(this.#expiring)
    this.#expiring = null
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
  }
}

function putValues(tuple: Tuple): readonly string[] {
  const { lane, yool, id } = tuple
  const given = `${typeof lane === 'string' ? 1 : 0}${typeof yool === 'string' ? 1 : 0}`
  const text = (value: unknown) => (typeof value === 'string' ? value : '')
  return [id, spacedText(tuple), text(lane), text(yool), given]
}

function setOf({ lane, yool }: Matcher): string {
  if (lane === null) return yool === null ? 'all' : `yool:${yool}`
  return yool === null ? `lane:${lane}` : `both:${Buffer.byteLength(lane)}:${lane}${yool}`
}

function withoutSecret(url: string): string {
  return url.replace(/\/\/[^@/]*@/, '//')
}
