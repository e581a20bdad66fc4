/** Texts of neighbouring tokens, one behind the other, as lower-case UTF-8. Any part of a text is found by looking at every byte, about a nanosecond each. */
export class TextChunk {
  #bytes = new Uint8Array(1024)
  #used = 0
  #count = 0
  /** By order of their coming: which token, and where its text ends. */
  #places = new Uint16Array(64)
  #ends = new Uint32Array(64)

  get bytes(): number {
    return this.#bytes.length + this.#places.byteLength + this.#ends.byteLength
  }

  /** The first `length` bytes of `text`. `place` of the token among its neighbours, below 65,536. */
  add(place: number, text: Uint8Array, length = text.length): void {
    if (this.#used + length > this.#bytes.length) {
      this.#bytes = into(new Uint8Array(Math.max(this.#bytes.length * 2, this.#used + length)), this.#bytes)
    }
    if (this.#count === this.#places.length) {
      this.#places = into(new Uint16Array(this.#count * 2), this.#places)
      this.#ends = into(new Uint32Array(this.#count * 2), this.#ends)
    }
    const bytes = this.#bytes
    // Most texts are so short that a call to copy them would cost more than copying.
    for (let at = 0; at < length; at++) bytes[this.#used + at] = text[at] ?? 0
    this.#used += length
    this.#places[this.#count] = place
    this.#ends[this.#count] = this.#used
    this.#count += 1
  }

  /** 1 at the place of every text that contains `part`, which is not empty; null when none does. `pivot`: its rarest byte. */
  find(part: Uint8Array, pivot: number, places: number): Uint8Array | null {
    const texts = { bytes: this.#bytes, used: this.#used, places: this.#places, ends: this.#ends }
    return markTexts(texts, part, pivot, places, null)
  }
}

/** Texts one behind the other, and by order of their coming which token and where its text ends. */
interface LaidTexts {
  readonly bytes: Uint8Array
  readonly used: number
  readonly places: Uint16Array
  readonly ends: Uint32Array
}

/** As `TextChunk.find`, into `marks` when there are some already. */
export function markTexts(
  { bytes, used, places, ends }: LaidTexts,
  part: Uint8Array,
  pivot: number,
  most: number,
  marks: Uint8Array | null,
): Uint8Array | null {
  const wanted = part[pivot]
  const { length } = part
  let marked = marks
  let entry = 0
  // Of the rarest byte, so that hardly anything is compared in vain.
  const last = used - length + pivot
  for (let at = pivot; at <= last; at++) {
    if (bytes[at] !== wanted) continue
    const begin = at - pivot
    let same = 0
    while (same < length && bytes[begin + same] === part[same]) same += 1
    if (same < length) continue
    while ((ends[entry] ?? 0) <= begin) entry += 1
    const end = ends[entry] ?? 0
    if (begin + length > end) continue
    marked ??= new Uint8Array(most)
    marked[places[entry] ?? 0] = 1
    // One hit in a text is enough.
    at = end + pivot - 1
  }
  return marked
}

function into<T extends Uint8Array | Uint16Array | Uint32Array>(target: T, source: T): T {
  target.set(source)
  return target
}
