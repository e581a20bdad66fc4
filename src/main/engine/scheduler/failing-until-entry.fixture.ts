import { existsSync } from 'node:fs'

/** A worker entry that dies before it is ready until the file that a variable names is there, as with an installation that is mended. */
if (!existsSync(process.env.FAILS_UNTIL ?? '')) throw new Error('this entry does not get ready yet')
await import('../workers/worker-entry.ts')
