import type { SourceInspection } from '../../../shared/model/operation.ts'

/**
 * How complex a function is, from its source text (types are gone already). The original's score (section 10.4 of its
 * specification) weighs bytecode; JavaScript has none to read, so each measure has its nearest counterpart in the text:
 *
 *   score = 200 * (0.30 * min(length / 2500, 1)      characters without comments and runs of space, for code length
 *                + 0.20 * min(depth / 10, 1)         deepest nesting of brackets, for stack size
 *                + 0.15 * min(literals / 10000, 1)   characters in strings and templates, for constants
 *                + 0.15 * min(names / 30, 1)         different names, for names referenced
 *                + 0.10 * min(loops / 5, 1)          for, while, do and the array methods that loop
 *                + 0.10 * min(branches / 10, 1))     if, case, catch, ?:, &&, || and ??
 *
 * Levels as there: below 10 trivial, 30 simple, 60 moderate, 100 complex, else extreme. It is an estimate: code that is only called
 * from here is not looked at.
 */
export function inspectSource(functionText: string): SourceInspection {
  const { code, literals } = separate(functionText)
  const length = code.replace(/\s+/g, ' ').length + literals
  const depth = deepestNesting(code)
  const names = new Set(code.match(/[\p{L}_$][\p{L}\d_$]*/gu)?.filter((name) => !keywords.has(name))).size
  const loops = count(
    code,
    /\b(?:for|while|do)\b|\.(?:map|forEach|filter|reduce|reduceRight|flatMap|some|every|find|findIndex|sort)\s*\(/g,
  )
  const branches = count(code, /\b(?:if|case|catch)\b|&&|\|\||\?\?|\?(?![.?])/g)
  const share = (value: number, full: number) => Math.min(value / full, 1)
  const score =
    200 *
    (0.3 * share(length, 2500) +
      0.2 * share(depth, 10) +
      0.15 * share(literals, 10_000) +
      0.15 * share(names, 30) +
      0.1 * share(loops, 5) +
      0.1 * share(branches, 10))
  const rounded = Math.round(score * 100) / 100
  return { score: rounded, level: levelOf(rounded), length, depth, literals, names, loops, branches }
}

const keywords = new Set(
  'async await break case catch class const continue default delete do else false finally for function if in instanceof let new null of return static super switch this throw true try typeof undefined var void while yield'.split(
    ' ',
  ),
)

function levelOf(score: number): SourceInspection['level'] {
  if (score < 10) return 'TRIVIAL'
  if (score < 30) return 'SIMPLE'
  if (score < 60) return 'MODERATE'
  return score < 100 ? 'COMPLEX' : 'EXTREME'
}

/** The code without comments and with empty literals, and how many characters the literals had. */
function separate(text: string): { code: string; literals: number } {
  let literals = 0
  // A slash after a name, a number or a closing bracket divides; elsewhere it may begin a regular expression.
  const token =
    /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`|(?<=[(,=:[!&|?{};\n]\s*)\/(?![/*])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[a-z]*/g
  const code = text.replace(token, (piece) => {
    if (piece.startsWith('//') || piece.startsWith('/*')) return ' '
    literals += piece.length - 2
    // What a template computes is code too.
    const inserted = piece.startsWith('`') ? (piece.match(/\$\{[^}]*\}/g) ?? []).join(' ') : ''
    return `"${inserted}"`
  })
  return { code, literals }
}

function deepestNesting(code: string): number {
  let depth = 0
  let deepest = 0
  for (const character of code) {
    if ('([{'.includes(character)) deepest = Math.max(deepest, ++depth)
    else if (')]}'.includes(character)) depth -= 1
  }
  return deepest
}

function count(code: string, pattern: RegExp): number {
  return code.match(pattern)?.length ?? 0
}
