import { z } from 'zod'
import { nothing, operationType, tokenId } from './common.ts'
import { procedure } from './procedure.ts'

/** What a person wants to be told of, wherever they look meanwhile: the host says it as an event of kind `watched`. */
export const watchTarget = z.discriminatedUnion('kind', [
  /** Once, when the token ends. */
  z.strictObject({ kind: z.literal('token'), id: tokenId }),
  /** Whenever a token of the operation fails or times out, until the watch is taken off. */
  z.strictObject({ kind: z.literal('operation'), operation: operationType }),
  /** Once, when no token is left. */
  z.strictObject({ kind: z.literal('idle') }),
])
export type WatchTarget = z.infer<typeof watchTarget>

const watchList = z.object({ watches: z.array(watchTarget) })

export const watchProcedures = {
  'watches.list': procedure('read', 'What is watched.', nothing, watchList),
  'watches.add': procedure('undoable', 'Tell when it happens.', z.strictObject({ target: watchTarget }), watchList),
  'watches.remove': procedure('undoable', 'Tell no more.', z.strictObject({ target: watchTarget }), watchList),
}
