/** What went wrong with the file, as far as it decides what to do about it. */
export type StorageFault = 'full' | 'locked' | 'damaged' | 'not-allowed' | 'unreadable'

const faults: Readonly<Record<string, StorageFault>> = {
  SQLITE_FULL: 'full',
  SQLITE_BUSY: 'locked',
  SQLITE_LOCKED: 'locked',
  SQLITE_PROTOCOL: 'locked',
  SQLITE_CORRUPT: 'damaged',
  SQLITE_NOTADB: 'damaged',
  SQLITE_READONLY: 'not-allowed',
  SQLITE_PERM: 'not-allowed',
  SQLITE_CANTOPEN: 'not-allowed',
}

/** What SQLite gave back as whole holds no records: counts as damage of the file, as what SQLite finds itself does. */
export class DamagedSegment extends Error {
  readonly code = 'SQLITE_CORRUPT'

  constructor(cause: unknown) {
    super('a segment holds no records that can be read', { cause })
  }
}

/** Classifies what SQLite threw. Extended codes such as SQLITE_IOERR_WRITE count as their primary one. */
export function storageFault(error: unknown): StorageFault {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const primary = code.split('_').slice(0, 2).join('_')
  return faults[primary] ?? 'unreadable'
}

/** One sentence for people: what is wrong with the journal, and what to do. */
export function faultSentence(fault: StorageFault, path: string, error: unknown): string {
  const detail = error instanceof Error ? error.message : String(error)
  switch (fault) {
    case 'full':
      return `The journal ${path} cannot be written, because its disk or its limit is full (${detail}). Make room; what is waiting is written then.`
    case 'locked':
      return `The journal ${path} is locked by another program (${detail}). Close that program; what is waiting is written then.`
    case 'damaged':
      return `The journal ${path} is damaged (${detail}).`
    case 'not-allowed':
      return `The journal ${path} cannot be written (${detail}). Make it and its folder writable.`
    case 'unreadable':
      return `The journal ${path} cannot be used: ${detail}.`
  }
}
