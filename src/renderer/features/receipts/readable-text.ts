/**
 * Canonical JSON with line breaks and indentation, and otherwise as it is: parsing it would lose 1.0 and large integers.
 */
export function readableText(canonical: string): string {
  let text = ''
  let depth = 0
  let inText = false
  for (let at = 0; at < canonical.length; at += 1) {
    const letter = canonical[at] ?? ''
    if (inText) {
      text += letter
      if (letter === '\\') text += canonical[++at] ?? ''
      else if (letter === '"') inText = false
      continue
    }
    const next = canonical[at + 1]
    const empty = (letter === '{' && next === '}') || (letter === '[' && next === ']')
    if (empty) {
      text += letter + next
      at += 1
    } else if (letter === '{' || letter === '[') {
      depth += 1
      text += `${letter}\n${'  '.repeat(depth)}`
    } else if (letter === '}' || letter === ']') {
      depth -= 1
      text += `\n${'  '.repeat(Math.max(0, depth))}${letter}`
    } else if (letter === ',') text += `,\n${'  '.repeat(depth)}`
    else if (letter === ':') text += ': '
    else {
      inText = letter === '"'
      text += letter
    }
  }
  return text
}
