import { z } from 'zod'
import { operationType, reason, tokenId } from './common.ts'
import { procedure } from './procedure.ts'

/** What a command acts on. */
export const commandScope = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('all') }),
  z.strictObject({ kind: z.literal('operation'), operation: operationType }),
  z.strictObject({ kind: z.literal('tokens'), ids: z.array(tokenId).min(1).max(100_000) }),
])
export type CommandScope = z.infer<typeof commandScope>

export const commandNames = ['pause', 'resume', 'drain', 'kill'] as const
export type CommandName = (typeof commandNames)[number]

/** What a command would touch now. `frozen` names the exact set; give it back and only these tokens are touched. */
export const commandPreview = z.object({
  command: z.enum(commandNames),
  scope: commandScope,
  waiting: z.number(),
  admitted: z.number(),
  executing: z.number(),
  /** Tokens whose parent is in the set and that are not in it themselves. */
  children: z.number(),
  /** By operation, most first, at most 20. */
  operations: z.array(z.object({ operation: operationType, count: z.number() })),
  frozen: z.string(),
  /** Milliseconds after which the frozen set is forgotten. */
  expiresInMs: z.number(),
})
export type CommandPreview = z.infer<typeof commandPreview>

export const commandOutcome = z.object({
  /** Tokens that the command changed. */
  affected: z.number(),
  /** Tokens of the set that had already ended. */
  alreadyEnded: z.number(),
  /** Tokens of the set that the command does not act on in their state. */
  untouched: z.number(),
  auditId: z.number(),
})
export type CommandOutcome = z.infer<typeof commandOutcome>

const input = z.strictObject({ scope: commandScope, reason: reason.default(''), frozen: z.string().optional() })

export const commandProcedures = {
  'commands.preview': procedure(
    'read',
    'What a command would touch, and a frozen set to act on.',
    z.strictObject({ command: z.enum(commandNames), scope: commandScope }),
    commandPreview,
  ),
  'commands.pause': procedure('undoable', 'Hold waiting tokens back.', input, commandOutcome),
  'commands.resume': procedure('undoable', 'Let held tokens go on, in their old order.', input, commandOutcome),
  'commands.drain': procedure(
    'destructive',
    'Kill what waits; let what is admitted or runs finish.',
    input,
    commandOutcome,
  ),
  'commands.kill': procedure('destructive', 'Kill whatever has not ended, running or not.', input, commandOutcome),
}

export const auditEntry = z.object({
  id: z.number(),
  /** Wall clock, milliseconds since 1970 UTC. */
  at: z.number(),
  actor: z.string(),
  action: z.string(),
  target: z.string(),
  reason: z.string(),
  outcome: z.string(),
})
export type AuditEntry = z.infer<typeof auditEntry>

export const auditProcedures = {
  'audit.query': procedure(
    'read',
    'Who did what, newest first.',
    z.strictObject({
      text: z.string().max(500).optional(),
      offset: z.number().int().min(0).default(0),
      limit: z.number().int().min(1).max(1000).default(200),
    }),
    z.object({ entries: z.array(auditEntry), matched: z.number(), total: z.number() }),
  ),
}
