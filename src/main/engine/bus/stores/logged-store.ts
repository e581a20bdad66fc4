import { type LogReplay, replayLog } from '../log/replay-log.ts'
import { TupleLog, type TupleLogOptions } from '../log/tuple-log.ts'
import { MemoryStore, type MemoryStoreOptions } from './memory-store.ts'

/** A memory store that writes a log and begins with what the log says was left. */
export async function openLoggedStore({
  maxTuples,
  ...options
}: TupleLogOptions & Pick<MemoryStoreOptions, 'maxTuples'>): Promise<{ store: MemoryStore; replay: LogReplay }> {
  const replay = await replayLog(options.path)
  const journal = await TupleLog.open(options)
  const store = new MemoryStore({ journal, maxTuples })
  store.restore(replay.tuples)
  return { store, replay }
}
