/**
 * Parameter names of a function from its source text as `Function.prototype.toString` gives it: types are gone already. A
 * default value is left out, `...rest` keeps its dots, a destructured parameter is given as written. Empty when the text
 * cannot be read.
 */
export function parameterNames(functionText: string): readonly string[] {
  const single = /^(?:async\s+)?([\p{L}_$][\p{L}\d_$]*)\s*=>/u.exec(functionText)
  if (single?.[1] !== undefined) return [single[1]]
  const start = findParameterList(functionText)
  const parameters = start < 0 ? null : splitAtCommas(functionText, start + 1)
  return parameters?.map(withoutDefault).filter((name) => name !== '') ?? []
}

const closers: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' }

/** Index of the first `(` outside of a computed or quoted method name and of comments; -1 when there is none. */
function findParameterList(text: string): number {
  for (let at = 0; at < text.length; ) {
    if (text[at] === '(') return at
    at = text[at] === '[' ? pastBrackets(text, at) : pastItem(text, at)
  }
  return -1
}

/** The items from `start` to the closing parenthesis, without comments; null when there is no closing one. */
function splitAtCommas(text: string, start: number): readonly string[] | null {
  const items: string[] = ['']
  const append = (piece: string) => items.push(`${items.pop() ?? ''}${piece}`)
  for (let at = start; at < text.length; ) {
    const character = text[at] ?? ''
    if (character === ')') return items
    const next = character in closers ? pastBrackets(text, at) : pastItem(text, at)
    if (character === ',') items.push('')
    else append(isComment(text, at) ? ' ' : text.slice(at, next))
    at = next
  }
  return null
}

function withoutDefault(parameter: string): string {
  for (let at = 0; at < parameter.length; ) {
    if (parameter[at] === '=') return tidy(parameter.slice(0, at))
    at = (parameter[at] ?? '') in closers ? pastBrackets(parameter, at) : pastItem(parameter, at)
  }
  return tidy(parameter)
}

function tidy(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

function isComment(text: string, at: number): boolean {
  return text.startsWith('//', at) || text.startsWith('/*', at)
}

/** Index behind the bracket that closes the one at `at`, or the end of the text. */
function pastBrackets(text: string, at: number): number {
  const closer = closers[text[at] ?? '']
  let inside = at + 1
  while (inside < text.length && text[inside] !== closer) {
    inside = (text[inside] ?? '') in closers ? pastBrackets(text, inside) : pastItem(text, inside)
  }
  return inside + 1
}

/** Index behind the comment, string or single character at `at`. */
function pastItem(text: string, at: number): number {
  if (text.startsWith('//', at)) return endOf(text, '\n', at)
  if (text.startsWith('/*', at)) return endOf(text, '*/', at + 2)
  const character = text[at] ?? ''
  if (!'"\'`'.includes(character)) return at + 1
  let inside = at + 1
  while (inside < text.length && text[inside] !== character) {
    if (character === '`' && text.startsWith('${', inside)) inside = pastBrackets(text, inside + 1)
    else inside += text[inside] === '\\' ? 2 : 1
  }
  return inside + 1
}

function endOf(text: string, mark: string, from: number): number {
  const found = text.indexOf(mark, from)
  return found < 0 ? text.length : found + mark.length
}
