import type { z } from 'zod'

/**
 * How much harm a call can do. The window derives its confirmation from it, the server its read-only mode.
 * read: changes nothing. undoable: has an opposite. destructive: ends work. irreversible: ends everything at once.
 */
export const dangerLevels = ['read', 'undoable', 'destructive', 'irreversible'] as const
export type DangerLevel = (typeof dangerLevels)[number]

export interface ProcedureDefinition<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> {
  readonly danger: DangerLevel
  /** One sentence for docs and palettes. */
  readonly summary: string
  readonly input: Input
  readonly output: Output
}

/**
 * binary: items are ArrayBuffers; only the newest unsent one is kept, what it replaced is counted.
 * json: items are values of `item`; a bounded number wait, the oldest are dropped and counted.
 */
export interface StreamDefinition<Input extends z.ZodType = z.ZodType, Item extends z.ZodType = z.ZodType> {
  readonly kind: 'binary' | 'json'
  readonly summary: string
  readonly input: Input
  readonly item: Item
}

export function procedure<Input extends z.ZodType, Output extends z.ZodType>(
  danger: DangerLevel,
  summary: string,
  input: Input,
  output: Output,
): ProcedureDefinition<Input, Output> {
  return { danger, summary, input, output }
}

export function stream<Input extends z.ZodType, Item extends z.ZodType>(
  kind: 'binary' | 'json',
  summary: string,
  input: Input,
  item: Item,
): StreamDefinition<Input, Item> {
  return { kind, summary, input, item }
}
