import { join } from 'node:path'
import type { Clock } from '../../shared/time.ts'
import { Journal } from '../engine/journal/journal.ts'
import { readValue } from '../engine/journal/journal-batch.ts'
import type { JournalOpened, RestoredToken } from '../engine/journal/journal-protocol.ts'
import { KeptTokens } from '../engine/journal/kept-tokens.ts'
import type { AcceptedBefore, EarlierRun, PausedState } from '../engine/scheduler/restore-tokens.ts'
import type { Entries } from '../entries.ts'
import type { ControlInit } from './control-protocol.ts'

/** Ended tokens that the journal keeps. */
const maxRows = 1_000_000
const maxBytes = 4 * 2 ** 30
const maxDays = 90

/** Name of the setting that says what a person has paused. */
export const pausedSetting = 'paused'

/** Opens the journal that `init` asks for; null when it asks for none. Throws what `Journal.open` throws. */
export async function openJournal(init: ControlInit, entries: Entries, clock: Clock): Promise<Journal | null> {
  const { journal, stateDirectory } = init
  if (journal === null) return null
  return await Journal.open({
    entry: entries.journalWriter,
    data: {
      path: journal.path ?? join(stateDirectory, 'journal', 'journal.sqlite'),
      // Whoever names a file wants that one.
      mayMove: journal.path === null,
      limits: { maxRows, maxBytes, maxDays, ...journal.limits },
      epochWall: clock.epochWall,
    },
  })
}

/** Opens the thread that answers questions about what the journal keeps. Before the scheduler starts: what ends from then on it gets as evicted. */
export async function openReader(journal: Journal, entries: Entries, clock: Clock): Promise<KeptTokens> {
  const { path } = journal.opened
  const data = { path, epochWall: clock.epochWall }
  const kept = await KeptTokens.open(entries.journalReader, data, (level, text) => journal.notify(level, text))
  journal.onTexts((texts) => kept.addTexts(texts))
  journal.onRemoved((sequences) => kept.removeRows(sequences))
  journal.onFresh(() => kept.reopen())
  return kept
}

/** What the journal knows of the run before, in the scheduler's terms. */
export function earlierRun({ restore, lastSequence, settings }: JournalOpened): EarlierRun {
  const paused = settings.find(([name]) => name === pausedSetting)?.[1]
  return {
    tokens: restore.waiting.map(acceptedBefore),
    lastSequence,
    paused: paused === undefined ? null : (JSON.parse(paused) as PausedState),
  }
}

/** One sentence for people on what came back; null when nothing did. */
export function restoreSentence({ restore }: JournalOpened): string | null {
  const { waiting, requeued, interrupted, superseded } = restore
  if (waiting.length + interrupted + superseded === 0) return null
  const parts: string[] = []
  if (waiting.length > 0) parts.push(`${tokens(waiting.length)} of the run before ${be(waiting.length)} waiting again`)
  if (requeued > 0) parts.push(`${requeued} of them had begun and may run twice, as they are idempotent`)
  if (interrupted > 0) parts.push(`${tokens(interrupted)} ${be(interrupted)} interrupted`)
  if (superseded > 0) parts.push(`${tokens(superseded)} will be submitted anew by their leads or lanes`)
  return `${parts.join('; ')}.`
}

function acceptedBefore({ format, bytes, ...token }: RestoredToken): AcceptedBefore {
  return { ...token, values: readArguments(format, bytes) }
}

/** Null when the bytes are damaged: that token fails, and no other. */
function readArguments(format: number, bytes: Uint8Array): readonly unknown[] | null {
  try {
    const read = readValue(format, bytes)
    if (read === null) return null
    return Array.isArray(read.value) ? read.value : []
  } catch {
    return null
  }
}

function tokens(count: number): string {
  return `${count.toLocaleString('en')} ${count === 1 ? 'token' : 'tokens'}`
}

function be(count: number): string {
  return count === 1 ? 'is' : 'are'
}
