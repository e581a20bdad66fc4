import { describe, expect, test } from 'vitest'
import { docSentence } from './doc-comment.ts'

/** The sentence for the place of `taskTokenGuard` in the source. */
function sentenceIn(source: string): string | null {
  const before = source.slice(0, source.indexOf('taskTokenGuard'))
  const lines = before.split('\n')
  return docSentence(source, lines.length, (lines.at(-1) ?? '').length + 1)
}

describe('the doc comment of an operation', () => {
  test.each([
    ['/** Doubles. */\nexport const double = taskTokenGuard()', 'Doubles.'],
    [
      '/**\n * Doubles a number\n * of any size. Slowly.\n */\nconst double = taskTokenGuard()',
      'Doubles a number of any size.',
    ],
    ['/** Takes v1.5 files. Then more. */\nexport default taskTokenGuard()', 'Takes v1.5 files.'],
    ['/** No full stop\n *\n * second paragraph */\nlet a = taskTokenGuard()', 'No full stop'],
    ['/** Before tags\n * @param a is it */\nlet a = taskTokenGuard()', 'Before tags'],
    ['/** Typed. */\nexport const a: Guarded<[number], string> = taskTokenGuard()', 'Typed.'],
    ['class A {\n  /** Decorated! */\n  @taskTokenGuard()\n  m() {}\n}', 'Decorated!'],
    ['/** Through a namespace. */\nexport const a = sdk.taskTokenGuard()', 'Through a namespace.'],
    ['/** Other. */\nconst other = 1\nexport const a = taskTokenGuard()', null],
    ['/** Other. */\nfunction other() {}\ntaskTokenGuard()', null],
    ['/* plain */\nconst a = taskTokenGuard()', null],
    ['/** @internal */\nconst a = taskTokenGuard()', null],
    ['/***/\nconst a = taskTokenGuard()', null],
    ['const a = taskTokenGuard()', null],
  ])('%j says %j', (source, expected) => {
    expect(sentenceIn(source)).toBe(expected)
  })
})
