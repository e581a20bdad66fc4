import { describe, expect, it } from 'vitest'
import { printCompact } from '../../json/print.ts'
import { type JsonObject, type JsonValue, object } from '../../json/value.ts'
import { asObject, describeWithReference, readReferenceTable } from '../reference.fixture.ts'
import { compileBindingPath } from './binding-path.ts'
import { compileOutputs, compileStepInputPath } from './step-path.ts'
import { compileTemplate } from './template.ts'
import { resolveArgument } from './transform-path.ts'

describe('a binding path', () => {
  const scope = {
    payload: object({ a: object({ b: 1 }), list: [object({ c: 2 })] }),
    results: new Map([[7, object({ x: 'seven' })]]),
  }
  const resolve = (template: JsonValue): JsonValue => compileTemplate(template, compileBindingPath)(scope)

  it.each<[string, JsonValue]>([
    ['$.payload.a.b', 1],
    ['$.inputs.a.b', 1],
    ['$.payload.a.b.c', null],
    ['$.payload.list.0', null],
    ['$.payload', '$.payload'],
    ['$.results.7.x', 'seven'],
    ['$.results. +7.x', 'seven'],
    ['$.results.7', null],
    ['$.results.8.x', null],
    ['$.results.seven.x', null],
    ['{{timestamp}}', '{{timestamp}}'],
  ])('%s gives %j', (path, value) => {
    expect(resolve(path)).toEqual(value)
  })

  it('is resolved deep inside, but never inside what a path gave', () => {
    const template = object({ k: ['$.payload.a', object({ m: '$.results.7.x' })], plain: 5 })
    expect(printCompact(resolve(template))).toBe('{"k":[{"b":1},{"m":"seven"}],"plain":5}')
    const payload = object({ text: '$.payload.a' })
    expect(compileTemplate('$.payload.text', compileBindingPath)({ ...scope, payload })).toBe('$.payload.a')
  })
})

describe('an argument of a transform program', () => {
  const scope = { inputs: object({ a: object({ b: 1 }) }), symbols: new Map([['first', object({ id: 'x' })]]) }

  it.each<[JsonValue, JsonValue]>([
    ['$.inputs.a.b', 1],
    ['$.first.id', 'x'],
    ['$.results.first.id', 'x'],
    ['$.unknown.id', null],
    ['literal', 'literal'],
    [['$.inputs.a'], ['$.inputs.a']],
  ])('%j gives %j', (argument, value) => {
    expect(resolveArgument(argument, scope)).toEqual(value)
  })
})

describeWithReference('the path tables of the reference', () => {
  it('agree on workflow bindings', () => {
    const { note, cases } = readReferenceTable('micro', 'wf-binding-resolve.json')
    const results = new Map<number, JsonObject>()
    for (const [address, surface] of asObject(note.get('results'))) results.set(Number(address), asObject(surface))
    const scope = { payload: asObject(note.get('payload')), results }
    for (const each of cases) {
      const value = compileTemplate(each.get('path') ?? null, compileBindingPath)(scope)
      expect(printCompact(value), printCompact(each)).toBe(printCompact(each.get('result') ?? null))
    }
  })

  it('agree on step inputs', () => {
    const { note, cases } = readReferenceTable('micro', 'step-input-resolve.json')
    const scope = { inputs: asObject(note.get('cc_inputs')), steps: stepsOf(note) }
    for (const each of cases) {
      const value = compileTemplate(each.get('value') ?? null, compileStepInputPath)(scope)
      expect(printCompact(value), printCompact(each)).toBe(printCompact(each.get('result') ?? null))
    }
  })

  it('agree on step outputs', () => {
    const { note, cases } = readReferenceTable('micro', 'output-map.json')
    const scope = { raw: asObject(note.get('raw_result')), steps: stepsOf(note) }
    for (const each of cases) {
      const fragment = compileOutputs(asObject(each.get('outputs')))(scope)
      expect(printCompact(fragment), printCompact(each)).toBe(printCompact(asObject(each.get('fragment'))))
    }
  })

  function stepsOf(note: JsonObject): Map<string, JsonObject> {
    return new Map([...asObject(note.get('step_results'))].map(([id, result]) => [id, asObject(result)]))
  }
})
