/** What may stand between a doc comment and the call that declares an operation: `export const resize =`, or `@`. */
const declarationHead = /^\s*(?:export\s+)?(?:default\s+)?(?:(?:const|let|var)\s+[\w$]+\s*(?::[^=;]*)?=\s*)?@?[\w$.]*$/

/**
 * First sentence of the doc comment right before a declaration, null when there is none.
 * @param line and column 1-based, of the declaring call.
 */
export function docSentence(source: string, line: number, column: number): string | null {
  const lines = source.split('\n')
  const before = [...lines.slice(0, line - 1), (lines[line - 1] ?? '').slice(0, column - 1)].join('\n')
  const end = before.lastIndexOf('*/')
  const start = before.lastIndexOf('/**', end)
  if (start < 0 || !declarationHead.test(before.slice(end + 2))) return null
  const text = before
    .slice(start + 3, end)
    .split('\n')
    .map((row) => row.replace(/^\s*\*? ?/, '').trim())
  return firstSentence(text)
}

/** Up to the first full stop before a space, the first empty line or the first `@tag`. */
function firstSentence(rows: readonly string[]): string | null {
  const from = rows.findIndex((row) => row !== '')
  if (from < 0) return null
  const rest = rows.slice(from)
  const until = rest.findIndex((row) => row === '' || row.startsWith('@'))
  const paragraph = rest.slice(0, until < 0 ? undefined : until).join(' ')
  const sentence = /^.*?[.!?](?=\s|$)/.exec(paragraph)?.[0] ?? paragraph
  return sentence === '' ? null : sentence
}
