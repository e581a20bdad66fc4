import { blake2b } from '@noble/hashes/blake2.js'

/** 32-way trie over 30 bits of BLAKE2b: six levels of five bits. Names whose 30 bits agree share one collision node below them. */
const levels = 6
const bitsPerLevel = 5

interface Branch<Value> {
  readonly kind: 'branch'
  /** Bit `slot` is set when there is a child; children lie in order of their slots. */
  readonly bitmap: number
  readonly children: readonly Node<Value>[]
}
interface Leaf<Value> {
  readonly kind: 'leaf'
  readonly hash: number
  readonly key: string
  readonly value: Value
}
interface Collision<Value> {
  readonly kind: 'collision'
  readonly hash: number
  readonly entries: readonly (readonly [string, Value])[]
}
type Node<Value> = Branch<Value> | Leaf<Value> | Collision<Value>

/** The low 30 bits of the big-endian BLAKE2b with 8 bytes of the UTF-8 name. */
export function hamtHash(key: string): number {
  const digest = blake2b(new TextEncoder().encode(key), { dkLen: 8 })
  return new DataView(digest.buffer, digest.byteOffset).getUint32(4) & 0x3fffffff
}

/** Slot 0 to 31 of a hash at a level 0 to 5. */
export function hamtSlot(hash: number, level: number): number {
  return (hash >>> (bitsPerLevel * (levels - 1 - level))) & 31
}

/** A map that shares what it can with the maps it came from: `with` and `without` leave this one as it is. */
export class Hamt<Value> {
  readonly size: number
  readonly #root: Node<Value> | null

  constructor(root: Node<Value> | null = null, size = 0) {
    this.#root = root
    this.size = size
  }

  get(key: string): Value | undefined {
    const hash = hamtHash(key)
    let node = this.#root
    for (let level = 0; node !== null && node.kind === 'branch'; level++) node = childAt(node, hamtSlot(hash, level))
    if (node === null) return undefined
    if (node.kind === 'leaf') return node.key === key ? node.value : undefined
    return node.kind === 'collision' ? node.entries.find(([name]) => name === key)?.[1] : undefined
  }

  has(key: string): boolean {
    return this.get(key) !== undefined
  }

  /** Replaces the value of a key that is there. */
  with(key: string, value: Value): Hamt<Value> {
    const leaf: Leaf<Value> = { kind: 'leaf', hash: hamtHash(key), key, value }
    const size = this.has(key) ? this.size : this.size + 1
    return new Hamt(this.#root === null ? leaf : insert(this.#root, leaf, 0), size)
  }

  /** This one itself when the key is not there. */
  without(key: string): Hamt<Value> {
    if (this.#root === null || !this.has(key)) return this
    return new Hamt(remove(this.#root, hamtHash(key), key, 0), this.size - 1)
  }

  *entries(): Generator<readonly [string, Value]> {
    const open = this.#root === null ? [] : [this.#root]
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      if (node.kind === 'leaf') yield [node.key, node.value]
      else if (node.kind === 'collision') yield* node.entries
      else
        for (let index = node.children.length - 1; index >= 0; index--) open.push(node.children[index] as Node<Value>)
    }
  }
}

function placeOf(bitmap: number, slot: number): number {
  return popcount(bitmap & ((1 << slot) - 1))
}

function childAt<Value>({ bitmap, children }: Branch<Value>, slot: number): Node<Value> | null {
  return (bitmap & (1 << slot)) === 0 ? null : (children[placeOf(bitmap, slot)] ?? null)
}

function insert<Value>(node: Node<Value>, leaf: Leaf<Value>, level: number): Node<Value> {
  if (node.kind === 'branch') {
    const slot = hamtSlot(leaf.hash, level)
    const child = childAt(node, slot)
    const place = placeOf(node.bitmap, slot)
    const made = child === null ? leaf : insert(child, leaf, level + 1)
    return {
      kind: 'branch',
      bitmap: (node.bitmap | (1 << slot)) >>> 0,
      children: node.children.toSpliced(place, child === null ? 0 : 1, made),
    }
  }
  if (node.hash === leaf.hash) return join(node, leaf)
  const bitmap = (1 << hamtSlot(node.hash, level)) >>> 0
  return insert({ kind: 'branch', bitmap, children: [node] }, leaf, level)
}

/** The node without a key that is in it; null when nothing is left. A branch with one leaf gives way to the leaf. */
function remove<Value>(node: Node<Value>, hash: number, key: string, level: number): Node<Value> | null {
  if (node.kind === 'leaf') return null
  if (node.kind === 'collision') return collisionOf(node, key)
  const slot = hamtSlot(hash, level)
  const place = placeOf(node.bitmap, slot)
  const child = childAt(node, slot)
  const left = child === null ? null : remove(child, hash, key, level + 1)
  const [only, second] = left === null ? node.children.toSpliced(place, 1) : node.children.toSpliced(place, 1, left)
  if (only === undefined) return null
  if (second === undefined && only.kind !== 'branch') return only
  if (left !== null) return { ...node, children: node.children.toSpliced(place, 1, left) }
  return { kind: 'branch', bitmap: (node.bitmap & ~(1 << slot)) >>> 0, children: node.children.toSpliced(place, 1) }
}

/** Two names of one hash, or one name twice. */
function join<Value>(node: Leaf<Value> | Collision<Value>, leaf: Leaf<Value>): Node<Value> {
  if (node.kind === 'leaf' && node.key === leaf.key) return leaf
  const known = node.kind === 'leaf' ? [[node.key, node.value] as const] : node.entries
  const others = known.filter(([key]) => key !== leaf.key)
  return { kind: 'collision', hash: node.hash, entries: [...others, [leaf.key, leaf.value]] }
}

function collisionOf<Value>({ hash, entries }: Collision<Value>, without: string): Node<Value> {
  const left = entries.filter(([key]) => key !== without)
  const [only] = left
  if (left.length === 1 && only !== undefined) return { kind: 'leaf', hash, key: only[0], value: only[1] }
  return { kind: 'collision', hash, entries: left }
}

function popcount(value: number): number {
  let rest = value - ((value >>> 1) & 0x55555555)
  rest = (rest & 0x33333333) + ((rest >>> 2) & 0x33333333)
  return Math.imul((rest + (rest >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}
