/** A hash of a text as two 32-bit numbers (FNV-1a over its UTF-16 units, and the same turned round): for tables, no seal. */
export function textHash(text: string): readonly [number, number] {
  let first = 0x811c9dc5
  let second = 0x9e3779b9
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index)
    first = Math.imul(first ^ unit, 0x01000193)
    second = Math.imul((second << 5) ^ (second >>> 27) ^ unit, 0x85ebca6b)
  }
  return [mixed(first), mixed(second ^ text.length)]
}

/** Spreads the last bits over all (the finalizer of MurmurHash3). */
export function mixed(hash: number): number {
  let value = hash
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35)
  return (value ^ (value >>> 16)) >>> 0
}
