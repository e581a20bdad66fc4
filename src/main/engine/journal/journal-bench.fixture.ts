import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findEntries } from '../../entries.ts'
import { TestScheduler, type TestSettings } from '../scheduler/scheduler.fixture.ts'
import { Journal } from './journal.ts'
import { KeptTokens } from './kept-tokens.ts'
import { MergedTokens } from './merged-tokens.ts'

const limits = { maxRows: 1_000_000, maxBytes: 2 ** 32, maxDays: 90 }

/** A scheduler with a journal in a folder of its own, put together as a host does it. */
export class JournalBench implements AsyncDisposable {
  readonly folder: string
  readonly test: TestScheduler
  readonly journal: Journal
  readonly tokens: MergedTokens
  readonly notices: string[] = []

  private constructor(folder: string, test: TestScheduler, journal: Journal, kept: KeptTokens) {
    this.folder = folder
    this.test = test
    this.journal = journal
    this.tokens = new MergedTokens(test.scheduler, kept, () => test.clock.now())
    journal.onNotice(({ text }) => this.notices.push(text))
    journal.onTexts((texts) => kept.addTexts(texts))
    journal.onRemoved((sequences) => kept.removeRows(sequences))
    journal.onFresh(() => kept.reopen())
    const { observer } = test.scheduler
    journal.attach(observer)
    observer.state.table.onEvict = (slot) => kept.evict(observer.state, slot, journal.places)
  }

  get path(): string {
    return this.journal.opened.path
  }

  static async open(
    settings: TestSettings = {},
    { path: chosen, textMemory }: { readonly path?: string; readonly textMemory?: number } = {},
  ): Promise<JournalBench> {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'guardhouse-')))
    const { journalWriter, journalReader } = findEntries()
    const path = chosen ?? join(folder, 'journal.sqlite')
    const test = await TestScheduler.create(settings)
    const { epochWall } = test.clock
    const journal = await Journal.open({
      entry: journalWriter,
      data: { path, mayMove: false, limits, epochWall },
    })
    const kept = await KeptTokens.open(journalReader, { path, epochWall, textMemory }, () => undefined)
    return new JournalBench(folder, test, journal, kept)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.test[Symbol.asyncDispose]()
    await this.journal.close()
    await this.tokens.close()
    rmSync(this.folder, { recursive: true })
  }
}
