import type {
  AuditEntry,
  CommandName,
  CommandOutcome,
  CommandPreview,
  CommandScope,
} from '../../src/shared/contract/commands.ts'
import type { ProcedureParsedInput } from '../../src/shared/contract/index.ts'
import type { HostEvent } from '../../src/shared/contract/system.ts'
import { GuardhouseError } from '../../src/shared/errors.ts'
import type { MadeUpOperation } from './made-up-operation.ts'
import type { MadeUpScheduler } from './made-up-scheduler.ts'
import { isLive, type TokenRecord } from './token-record.ts'

const frozenForMs = 120_000

type CommandInput = ProcedureParsedInput<'commands.kill'>

/** Plays pause, resume, drain and kill, and keeps the audit log. */
export class CommandAnswers {
  readonly audit: AuditEntry[] = []
  readonly #scheduler: MadeUpScheduler
  readonly #operations: readonly MadeUpOperation[]
  readonly #announce: (event: HostEvent) => void
  readonly #frozen = new Map<string, readonly TokenRecord[]>()

  constructor(
    scheduler: MadeUpScheduler,
    operations: readonly MadeUpOperation[],
    announce: (event: HostEvent) => void,
  ) {
    this.#scheduler = scheduler
    this.#operations = operations
    this.#announce = announce
  }

  preview(command: CommandName, scope: CommandScope): CommandPreview {
    const tokens = this.#inScope(scope)
    const frozen = `frozen-${this.#frozen.size + 1}`
    this.#frozen.set(frozen, tokens)
    const live = tokens.filter(isLive)
    const byOperation = Map.groupBy(live, (token) => token.operation.entry.operation)
    return {
      command,
      scope,
      waiting: tokens.filter((token) => token.state === 'WAITING').length,
      admitted: tokens.filter((token) => token.state === 'ADMITTED').length,
      executing: tokens.filter((token) => token.state === 'EXECUTING').length,
      children: this.#childrenOutside(live),
      operations: [...byOperation]
        .map(([operation, { length: count }]) => ({ operation, count }))
        .sort((a, b) => b.count - a.count)
        .slice(0, 20),
      frozen,
      expiresInMs: frozenForMs,
    }
  }

  run(command: CommandName, input: CommandInput): CommandOutcome {
    const tokens = input.frozen === undefined ? this.#inScope(input.scope) : this.#thaw(input.frozen)
    const live = tokens.filter(isLive)
    const pauses = command === 'pause' || command === 'resume'
    const affected = pauses
      ? this.#hold(command === 'pause', input.scope, live)
      : this.#end(command, live, input.reason)
    const auditId = this.record(command, nameOf(input.scope), input.reason, `${affected} tokens`)
    if (pauses) this.#announce({ kind: 'paused-changed' })
    return { affected, alreadyEnded: tokens.length - live.length, untouched: live.length - affected, auditId }
  }

  record(action: string, target: string, reason: string, outcome: string): number {
    const id = this.audit.length + 1
    this.audit.unshift({ id, at: Date.now(), actor: 'Ada', action, target, reason, outcome })
    this.#announce({ kind: 'audit', id })
    return id
  }

  queryAudit({ text, offset, limit }: ProcedureParsedInput<'audit.query'>) {
    const wanted = text?.toLowerCase() ?? ''
    const matching = this.audit.filter((entry) => JSON.stringify(entry).toLowerCase().includes(wanted))
    return { entries: matching.slice(offset, offset + limit), matched: matching.length, total: this.audit.length }
  }

  #inScope(scope: CommandScope): TokenRecord[] {
    const { store } = this.#scheduler
    if (scope.kind === 'tokens') return scope.ids.flatMap((id) => store.get(id) ?? [])
    if (scope.kind === 'all') return store.tokens.filter(isLive)
    this.#operation(scope.operation)
    return store.tokens.filter((token) => isLive(token) && token.operation.entry.operation === scope.operation)
  }

  #thaw(frozen: string): readonly TokenRecord[] {
    const tokens = this.#frozen.get(frozen)
    if (tokens !== undefined) return tokens
    throw new GuardhouseError('conflict', 'the preview is too old to act on', { hint: 'Open the dialog again.' })
  }

  #childrenOutside(tokens: readonly TokenRecord[]): number {
    const inside = new Set(tokens.map((token) => token.id))
    const children = tokens.flatMap((token) => this.#scheduler.store.children.get(token.id) ?? [])
    return children.filter((child) => !inside.has(child)).length
  }

  #hold(hold: boolean, scope: CommandScope, live: readonly TokenRecord[]): number {
    const waiting = live.filter((token) => token.state === 'WAITING')
    if (scope.kind === 'all') this.#scheduler.gatePaused = hold
    else if (scope.kind === 'operation') this.#operation(scope.operation).paused = hold
    else for (const token of waiting) this.#act(token, hold ? 'pause' : 'resume', '', () => (token.held = hold))
    this.#scheduler.store.version++
    return waiting.length
  }

  #end(command: CommandName, live: readonly TokenRecord[], reason: string): number {
    const ending = command === 'drain' ? live.filter((token) => token.state === 'WAITING') : live
    for (const token of ending) this.#act(token, command, reason, () => this.#scheduler.kill(token, reason))
    return ending.length
  }

  #act(token: TokenRecord, action: string, reason: string, change: () => void): void {
    change()
    token.actions.push({ at: this.#scheduler.now(), actor: 'Ada', action, reason })
  }

  #operation(name: string): MadeUpOperation {
    const operation = this.#operations.find((candidate) => candidate.entry.operation === name)
    if (operation !== undefined) return operation
    throw new GuardhouseError('not-found', `there is no operation ${name}`)
  }
}

function nameOf(scope: CommandScope): string {
  if (scope.kind === 'all') return 'everything'
  return scope.kind === 'operation' ? `operation ${scope.operation}` : `${scope.ids.length} tokens`
}
