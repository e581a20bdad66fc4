/**
 * Reads the text of a value, as the host writes it for people, into a tree that can be folded. The text is what Node's
 * `util.inspect` writes (https://nodejs.org/api/util.html#utilinspectobject-options), of which JSON is a subset, and it may
 * have been cut anywhere. Nothing is refused: what has no known form stays the text it is.
 */
export type ValueNode = ValueAtom | ValueBranch

export interface ValueAtom {
  readonly kind: 'text' | 'number' | 'word' | 'other'
  readonly text: string
}

export interface ValueBranch {
  readonly kind: 'branch'
  /** What stands before the bracket: `Map(2)`, a class, or nothing. */
  readonly name: string
  readonly open: '{' | '['
  readonly entries: readonly ValueEntry[]
  /** True when the text ended before the bracket was closed. */
  readonly cut: boolean
  /** How many more entries there are that the text leaves out. */
  readonly rest: number
}

export interface ValueEntry {
  /** Null in a list. */
  readonly key: string | null
  readonly value: ValueNode
}

const closing = { '{': '}', '[': ']' } as const
const words = new Set(['null', 'undefined', 'true', 'false', 'NaN', 'Infinity', '-Infinity'])
const numberForm = /^-?\d[\d_]*(\.\d+)?([eE][+-]?\d+)?n?$/
const restForm = /^\.\.\. (\d+) more items?$/
// Deeper than this a text is not unfolded by anybody, and a hostile one must not overflow the stack.
const maxDepth = 200

/** The values in `text`: one result, or the arguments of a call one after the other. */
export function readValues(text: string): readonly ValueEntry[] {
  return new ValueReader(text).list(null, 0).entries
}

class ValueReader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  /** Entries up to the bracket `end`, or to the end of the text. */
  list(end: string | null, depth: number): Pick<ValueBranch, 'entries' | 'cut' | 'rest'> {
    const entries: ValueEntry[] = []
    let rest = 0
    for (;;) {
      this.#skip(/[\s,]/)
      if (this.#at >= this.#text.length) return { entries, cut: end !== null, rest }
      if (this.#text[this.#at] === end) {
        this.#at++
        return { entries, cut: false, rest }
      }
      const entry = this.#entry(end, depth)
      const left = entry.value.kind === 'other' ? restForm.exec(entry.value.text)?.[1] : undefined
      if (left === undefined) entries.push(entry)
      else rest += Number(left)
    }
  }

  #entry(end: string | null, depth: number): ValueEntry {
    // Outside of brackets nothing has a key, and a colon is part of the text.
    const first = this.#value(end, depth, end !== null)
    if (end === null || first.kind === 'branch') return { key: null, value: first }
    this.#skip(/ /)
    const separator = this.#text.startsWith('=> ', this.#at) ? '=> ' : this.#text[this.#at] === ':' ? ':' : null
    if (separator === null) return { key: null, value: first }
    this.#at += separator.length
    this.#skip(/\s/)
    return { key: first.text, value: this.#value(end, depth, false) }
  }

  #value(end: string | null, depth: number, mayBeKey: boolean): ValueNode {
    const character = this.#text[this.#at] ?? ''
    if (character === '"' || character === "'" || character === '`')
      return { kind: 'text', text: this.#quoted(character) }
    const start = this.#at
    this.#bareWord(end, mayBeKey)
    const name = this.#text.slice(start, this.#at).trim()
    const open = this.#text[this.#at]
    if ((open === '{' || open === '[') && depth < maxDepth && canNameABranch(name)) {
      this.#at++
      return { kind: 'branch', name, open, ...this.list(closing[open], depth + 1) }
    }
    // Whatever it is that cannot be read, one character further on it may go on.
    if (this.#at === start) this.#at++
    return atom(this.#text.slice(start, this.#at).trim())
  }

  /** Up to what ends a word or opens a bracket. `[Object]`, `[Circular *1]` and `<Buffer 00 01>` are words. */
  #bareWord(end: string | null, mayBeKey: boolean): void {
    const whole = /^(\[[A-Z][\w$]*( [^[\]{}\n]*)?\]|<[^<>\n]*>)/.exec(this.#text.slice(this.#at, this.#at + 200))
    if (whole !== null) this.#at += whole[0].length
    while (this.#at < this.#text.length) {
      const character = this.#text[this.#at] ?? ''
      if (character === end || /[,\n{}[\]]/.test(character)) return
      if (mayBeKey && character === ':' && /\s/.test(this.#text[this.#at + 1] ?? ' ')) return
      if (mayBeKey && this.#text.startsWith(' => ', this.#at)) return
      this.#at++
    }
  }

  #quoted(quote: string): string {
    const start = this.#at
    this.#at++
    while (this.#at < this.#text.length && this.#text[this.#at] !== quote)
      this.#at += this.#text[this.#at] === '\\' ? 2 : 1
    this.#at = Math.min(this.#text.length, this.#at + 1)
    return this.#text.slice(start, this.#at)
  }

  #skip(what: RegExp): void {
    while (this.#at < this.#text.length && what.test(this.#text[this.#at] ?? '')) this.#at++
  }
}

function canNameABranch(name: string): boolean {
  return name === '' || /^[\w$().<>*: ]+$/.test(name)
}

function atom(text: string): ValueAtom {
  if (words.has(text)) return { kind: 'word', text }
  return { kind: numberForm.test(text) ? 'number' : 'other', text }
}

/** How many nodes a value has, counted no further than `limit`. */
export function countNodes(entries: readonly ValueEntry[], limit: number): number {
  let count = 0
  for (const { value } of entries) {
    count += 1 + (value.kind === 'branch' && count < limit ? countNodes(value.entries, limit - count) : 0)
    if (count >= limit) return limit
  }
  return count
}
