import { SqliteStore } from './sqlite-store.ts'

const entry = new URL('./sqlite-thread.ts', import.meta.url)

export function openSqlite(path: string, maxTuples?: number): Promise<SqliteStore> {
  return SqliteStore.open({ entry, path, ...(maxTuples === undefined ? {} : { maxTuples }) })
}
