/**
 * Text from operations, clients and workspaces, made safe for a terminal: control characters could move the cursor, recolour
 * or rewrite what was printed before, and the invisible ones reorder text. Line breaks stay when `lines` is asked for.
 */
export function printableText(text: string, shape: 'line' | 'lines' = 'line'): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) => {
    if (character === '\t') return ' '
    if (character === '\n') return shape === 'lines' ? character : '⏎'
    if (character === '\r') return ''
    return '\uFFFD'
  })
}
