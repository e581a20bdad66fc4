import { flatRoom, writeFlatText } from './flat-text.ts'
import type { TakenBatch } from './journal-batch.ts'
import { keptApart, recordKinds, valueFormats } from './journal-record.ts'
import { SegmentView } from './segment.ts'
import { placesPerBlock, type SharedBlock, TextBlock } from './text-block.ts'

/** Room of a block, bytes of texts: what the one before took, within these bounds. */
const leastRoom = 1 << 13
const mostRoom = 1 << 20

/**
 * The texts that a search looks at, written by the journal's writer into memory that it shares with the reader, while it has the records at
 * hand anyway: for the reader to get them out of the file again costs some ten times as much. Only those of small plain arguments;
 * all others the reader finds in the file.
 */
export class SharedTexts {
  readonly #flat = new Uint8Array(flatRoom)
  #number = -1
  #block: TextBlock | null = null
  #begun: SharedBlock[] = []

  /** Takes in a batch that is in the file. */
  add(batch: TakenBatch): void {
    const view = new SegmentView(new Uint8Array(batch.records), batch.count)
    const bytes = new Uint8Array(batch.bytes, 0, batch.used)
    for (let record = 0; record < view.count; record++) {
      if (view.kind(record) === recordKinds.accepted) this.#add(view, record, bytes)
    }
  }

  /** Blocks that were begun since the last call. Later texts appear in them by themselves. */
  takeBegun(): readonly SharedBlock[] {
    if (this.#begun.length === 0) return none
    const begun = this.#begun
    this.#begun = []
    return begun
  }

  /** The file is another one now. */
  forget(): void {
    this.#number = -1
    this.#block = null
    this.#begun = []
  }

  #add(view: SegmentView, record: number, bytes: Uint8Array): void {
    const length = this.#textOf(view, record, bytes)
    if (length < 0) return
    const sequence = view.sequence(record)
    const number = Math.floor(sequence / placesPerBlock)
    // Tokens are accepted in the order of their numbers; a straggler is found in the file.
    if (number < this.#number) return
    const place = sequence % placesPerBlock
    if (number === this.#number && this.#block?.add(place, this.#flat, length) === true) return
    this.#begin(number, length).add(place, this.#flat, length)
  }

  /** Bytes of its text, which `#flat` holds then; -1 when it is not that simple. */
  #textOf(view: SegmentView, record: number, bytes: Uint8Array): number {
    const format = view.argumentsFormat(record)
    if (format !== valueFormats.plain && format !== valueFormats.none) return -1
    const at = view.argumentsAt(record)
    const length = view.argumentsLength(record)
    if (at === keptApart) return -1
    return length === 0 ? 0 : writeFlatText(bytes, at, length, this.#flat)
  }

  #begin(number: number, length: number): TextBlock {
    // More of the same chunk: as much again and more, so that a chunk has few blocks.
    const wanted = (this.#block?.used ?? 0) * (number === this.#number ? 2 : 1.25)
    const room = Math.max(leastRoom, length, Math.min(mostRoom, 2 ** Math.ceil(Math.log2(wanted + 1))))
    const block = TextBlock.withRoom(room)
    this.#block = block
    this.#number = number
    this.#begun.push({ number, memory: block.memory })
    return block
  }
}

const none: readonly SharedBlock[] = []
