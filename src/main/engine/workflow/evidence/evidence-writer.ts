import { chainedLine, chainStart, linkOf } from './evidence-chain.ts'
import type { EvidenceRecord } from './evidence-record.ts'
import { printRecord } from './print-record.ts'

/** Where the lines of an evidence go. A line ends with its newline. */
export interface EvidenceSink {
  write(line: string): void
}

/** Takes the records of a run in order. */
export interface RecordWriter {
  write(record: EvidenceRecord): void
}

/** Writes records as lines, each chained to the one before: no record can be changed or taken away unnoticed. */
export class EvidenceWriter implements RecordWriter {
  readonly #sink: EvidenceSink
  #link = chainStart

  constructor(sink: EvidenceSink) {
    this.#sink = sink
  }

  write(record: EvidenceRecord): void {
    const text = printRecord(record)
    this.#link = linkOf(this.#link, text)
    this.#sink.write(`${chainedLine(text, this.#link)}\n`)
  }

  /** The link behind the last record: who keeps it elsewhere can prove the whole evidence. */
  get link(): string {
    return this.#link
  }
}
