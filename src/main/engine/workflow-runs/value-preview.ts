import type { Preview } from '../../../shared/contract/common.ts'

/** What a window shows of one value at the most; the whole is in the run's file. */
const shownCharacters = 64 * 1024

/** A value as indented JSON, cut at a limit. */
export function valuePreview(value: unknown): Preview {
  const text = JSON.stringify(value ?? null, null, 2)
  return {
    text: text.slice(0, shownCharacters),
    bytes: Buffer.byteLength(text),
    truncated: text.length > shownCharacters,
  }
}
