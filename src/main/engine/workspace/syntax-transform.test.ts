import { describe, expect, test } from 'vitest'
import { findSyntaxError, needsTransform, transformSource } from './syntax-transform.ts'

describe('what needs compiling', () => {
  test.each([
    ['a.ts', 'const a: number = 1', false],
    ['a.ts', 'function f(this: void, items: Map<string, readonly string[]>, ...rest: readonly Foo<Bar>[]) {}', false],
    ['a.ts', '/**\n * @param a\n * @returns b\n */\n// @ts-expect-error\nconst a = 1 as any', false],
    ['a.ts', 'interface A { readonly b: string }\ntype C = { enum: string }', false],
    ['a.ts', 'export const enum Mode { One }', true],
    ['a.ts', 'namespace A.B { export const c = 1 }', true],
    ['a.ts', 'class A { constructor(a: string, private readonly b = 1) {} }', true],
    ['a.ts', 'class A { constructor(\n  public a: string) {} }', true],
    ['a.ts', 'import fs = require("fs")', true],
    ['a.ts', 'class A {\n  @guard() run() {}\n}', true],
    ['a.js', 'export class A { @guard run() {} }', true],
    ['a.js', 'const b = 1 // enum A { }', false],
  ])('%s with %j: %s', (path, source, expected) => {
    expect(needsTransform(path, source)).toBe(expected)
  })
})

describe('compiling', () => {
  test('lowers decorators and keeps the way back to the source', () => {
    const code = transformSource('/ws/a.ts', 'enum Mode { One }\nexport class A { @guard run(mode: Mode) {} }')
    expect(code).not.toContain('@guard')
    expect(code).toContain('sourceMappingURL=data:')
    expect(transformSource('/ws/a.ts', 'enum Mode { One }\nexport class A { @guard run(mode: Mode) {} }')).toBe(code)
  })

  test('names file, line, column and the offending line of a syntax error', () => {
    const error = findSyntaxError('/ws/a.ts', "const ok = 'é'\n\tconst b = 'é' + ;\n")
    expect(error?.kind).toBe('module-failed')
    expect(error?.message).toBe('/ws/a.ts:2:18: Unexpected ";"\n\tconst b = \'é\' + ;\n\t                ^')
    expect(findSyntaxError('/ws/a.js', 'export const fine = 1')).toBeNull()
  })
})
