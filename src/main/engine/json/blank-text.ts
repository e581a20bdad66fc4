// Unlike what `trim` takes away also U+001C to U+001F and U+0085, and not the byte order mark.
const blank = '[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]'
const onlyBlanks = new RegExp(`^${blank}*$`)

/** True for a text of nothing but what the reference takes for blank. */
export function isBlank(text: string): boolean {
  return onlyBlanks.test(text)
}
