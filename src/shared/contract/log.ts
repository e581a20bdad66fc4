import { z } from 'zod'
import { operationType, tokenId } from './common.ts'
import { procedure, stream } from './procedure.ts'

/** The original's twelve, and the lines that operations write themselves. */
export const logChannels = [
  'gate',
  'pool',
  'token',
  'coordinator',
  'convergence',
  'worker',
  'storage',
  'guard',
  'overflow',
  'affinity',
  'sticky',
  'conductor',
  'operation',
] as const
export type LogChannel = (typeof logChannels)[number]

export const logLevels = ['debug', 'info', 'state', 'dispatch', 'warn', 'error'] as const
export type LogLevel = (typeof logLevels)[number]

/** muted: nothing. warnings: warn and error. on: everything but debug. debug: everything. */
export const channelModes = ['muted', 'warnings', 'on', 'debug'] as const
export type ChannelMode = (typeof channelModes)[number]

const channel = z.enum(logChannels)
const channelModeMap = z.record(channel, z.enum(channelModes))

export const logLine = z.object({
  /** Grows by one with every line. */
  id: z.number(),
  at: z.number(),
  channel,
  level: z.enum(logLevels),
  text: z.string(),
  token: tokenId.nullable(),
  operation: operationType.nullable(),
  /** Of the worker; null when it is about none. */
  core: z.number().nullable(),
  slot: z.number().nullable(),
})
export type LogLine = z.infer<typeof logLine>

/** What lines must have to be answered or sent; everything left out matches. */
const lineFilter = z.strictObject({
  channels: z.array(channel).optional(),
  levels: z.array(z.enum(logLevels)).optional(),
  text: z.string().max(500).optional(),
  token: tokenId.optional(),
  operation: operationType.optional(),
  core: z.number().int().optional(),
  slot: z.number().int().optional(),
})
export type LineFilter = z.infer<typeof lineFilter>

export const logProcedures = {
  'log.query': procedure(
    'read',
    'Kept log lines that match, oldest first; of more than the limit the newest.',
    lineFilter.extend({
      /** Only lines with a greater id. */
      after: z.number().int().min(0).default(0),
      limit: z.number().int().min(1).max(5000).default(1000),
    }),
    z.object({
      lines: z.array(logLine),
      matched: z.number(),
      kept: z.number(),
      /** Lines that have left the buffer since the start. */
      gone: z.number(),
      newest: z.number(),
    }),
  ),
  'log.channels': procedure(
    'read',
    'What each channel writes.',
    z.strictObject({}),
    z.object({ enabled: z.boolean(), channels: channelModeMap }),
  ),
  'log.configure': procedure(
    'undoable',
    'Change what channels write, at once. Unknown channels are refused.',
    z.strictObject({
      /** One switch for all of them. */
      enabled: z.boolean().optional(),
      channels: z.partialRecord(channel, z.enum(channelModes)).default({}),
    }),
    z.object({ enabled: z.boolean(), channels: channelModeMap }),
  ),
}

export const logStreams = {
  console: stream(
    'json',
    'Log lines that match, as they are written.',
    lineFilter,
    z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('line'), line: logLine }),
      /** Lines this reader missed because it read too slowly; ask log.query for them. */
      z.object({ kind: z.literal('dropped'), count: z.number() }),
    ]),
  ),
}
