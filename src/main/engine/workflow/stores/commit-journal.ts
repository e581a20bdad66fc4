import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { GuardhouseError } from '../../../../shared/errors.ts'
import { parseJson } from '../../json/parse.ts'
import { printCompact } from '../../json/print.ts'
import { isArray, isObject, type JsonValue, object, textAt } from '../../json/value.ts'
import { appendWhole } from './append-file.ts'
import { writeDurably } from './durable-file.ts'
import { withFileLock, withFileLocks } from './file-lock.ts'

/** One change of a commit: text behind the first `at` bytes of a file, or a new content. */
export type FileChange =
  | { readonly kind: 'append'; readonly path: string; readonly at: number; readonly text: string }
  | { readonly kind: 'replace'; readonly path: string; readonly text: string }

/**
 * Makes all changes or none, also when the process dies in between: they are written down first, and whoever comes next
 * carries out what was written down. `check` is asked while nobody else can change the files; what it throws leaves
 * everything as it was.
 */
export function commitChanges(dataRoot: string, changes: readonly FileChange[], check: () => void): void {
  recoverCommit(dataRoot)
  withFileLock(journalPath(dataRoot), () => {
    const paths = changes.map(({ path }) => path)
    withFileLocks(paths, () => {
      check()
      writeJournal(dataRoot, changes)
      applyJournal(dataRoot, changes)
    })
  })
}

/** True while a commit is being carried out, or was left unfinished by somebody who died. */
export function isCommitting(dataRoot: string): boolean {
  return existsSync(journalPath(dataRoot))
}

/** Carries out what somebody has written down and not finished; waits for who is still at it. */
export function recoverCommit(dataRoot: string): void {
  if (!isCommitting(dataRoot)) return
  withFileLock(journalPath(dataRoot), () => {
    if (!isCommitting(dataRoot)) return
    const changes = readJournal(dataRoot)
    const paths = changes.map(({ path }) => path)
    withFileLocks(paths, () => applyJournal(dataRoot, changes))
  })
}

function journalPath(dataRoot: string): string {
  return join(dataRoot, '.guardhouse-commit')
}

function writeJournal(dataRoot: string, changes: readonly FileChange[]): void {
  const path = journalPath(dataRoot)
  mkdirSync(dirname(path), { recursive: true })
  writeDurably(`${path}.draft`, printCompact(changes.map((change) => object({ ...change }))))
  renameSync(`${path}.draft`, path)
}

function applyJournal(dataRoot: string, changes: readonly FileChange[]): void {
  for (const change of changes) {
    mkdirSync(dirname(change.path), { recursive: true })
    if (change.kind === 'append') applyAppend(change.path, change.at, Buffer.from(change.text, 'utf8'))
    else applyReplacement(change.path, change.text)
  }
  rmSync(journalPath(dataRoot))
}

/** Does nothing where the text already stands, and takes away the beginning of it that a dying process left. */
function applyAppend(path: string, at: number, text: Buffer): void {
  const file = openSync(path, 'a+')
  try {
    const { size } = fstatSync(file)
    const there = Buffer.alloc(Math.max(0, Math.min(text.length, size - at)))
    readSync(file, there, 0, there.length, at)
    const begun = text.subarray(0, there.length).equals(there)
    if (begun && there.length === text.length) return
    if (begun) ftruncateSync(file, at)
    appendWhole(file, text)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

function applyReplacement(path: string, text: string): void {
  const draft = `${path}.commit.tmp`
  writeDurably(draft, text)
  renameSync(draft, path)
}

function readJournal(dataRoot: string): FileChange[] {
  const path = journalPath(dataRoot)
  const content = parseJson(readFileSync(path, 'utf8'))
  if (!isArray(content)) throw damaged(path)
  return content.map((change) => readChange(change, path))
}

function readChange(value: JsonValue, journal: string): FileChange {
  const change = isObject(value) ? value : new Map<string, JsonValue>()
  const [path, text, at] = [textAt(change, 'path'), textAt(change, 'text'), change.get('at')]
  if (path === null || text === null) throw damaged(journal)
  if (change.get('kind') === 'replace') return { kind: 'replace', path, text }
  if (typeof at !== 'number') throw damaged(journal)
  return { kind: 'append', path, at, text }
}

function damaged(path: string): GuardhouseError {
  return new GuardhouseError('operation-failed', `The record of an unfinished commit is damaged: ${path}`, {
    hint: 'compare the stores that it names with a copy, then remove the file',
  })
}
