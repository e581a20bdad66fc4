/** A hash of a text as two 32-bit numbers (FNV-1a over its UTF-16 units, and the same turned round): for tables, no seal. */
export function textHash(text: string): readonly [number, number] {
  let first = 0x811c9dc5
  let second = 0x9e3779b9
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index)
    first = Math.imul(first ^ unit, 0x01000193)
    second = Math.imul((second << 5) ^ (second >>> 27) ^ unit, 0x85ebca6b)
  }
  // The upper bits depend on more of the text than the lower ones, by which a place in a table is chosen.
  return [(first ^ (first >>> 15)) >>> 0, second >>> 0]
}
