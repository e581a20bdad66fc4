import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { equals } from '../../json/equality.ts'
import { parseJson } from '../../json/parse.ts'
import { printCanonical, printCompact } from '../../json/print.ts'
import { isObject, type JsonObject, type JsonValue, object } from '../../json/value.ts'
import { countedEntropy, stillClock } from '../ports.fixture.ts'
import {
  asObject,
  asText,
  describeWithReference,
  readReference,
  readReferenceTable,
  referenceFolder,
} from '../reference.fixture.ts'
import { type CapabilityVersion, transformCatalogue } from './catalogue.ts'
import { type FindTransform, TransformProgram } from './program.ts'
import type { Transform } from './transform.ts'

const ports = { clock: stillClock(), entropy: countedEntropy() }

function transformNamed(code: string, version: CapabilityVersion = '0.3.0'): Transform {
  const found = [...transformCatalogue(version)].find(([name]) => name.includes(`.${code.toLowerCase()}:`))
  if (found === undefined) throw new Error(`no transform ${code}`)
  return found[1]
}

function run(code: string, inputs: string, version: CapabilityVersion = '0.3.0'): string {
  return printCompact(transformNamed(code, version)(asObject(parseJson(inputs)), ports))
}

const findIn =
  (version: CapabilityVersion): FindTransform =>
  (module, callable) =>
    transformCatalogue(version).get(`${module}:${callable}`) ?? null

describe('transforms', () => {
  it('tell 5 from 5.0 in generated ids', () => {
    expect(run('CT_PURE_GENERATE_ID_V0', '{"prefix":"P","data":5}')).not.toBe(
      run('CT_PURE_GENERATE_ID_V0', '{"prefix":"P","data":5.0}'),
    )
  })

  it('follow Collatz sequences beyond 2^53', () => {
    expect(run('CT_PURE_COLLATZ_STEP_V0', '{"numbers":[9007199254740993,2]}')).toContain(
      '"9007199254740993":[9007199254740993,27021597764222980,',
    )
  })

  it.each([
    [
      '{"last_active_date":"2025-01-31","current_date":"2025-01-01T00:00:01Z"}',
      '{"is_inactive":false,"days_inactive":-30}',
    ],
    ['{"last_active_date":"2025-12-01T00:00:02","threshold_days":31}', '{"is_inactive":false,"days_inactive":30}'],
    ['{"last_active_date":"2025-02-30","threshold_days":1}', '{"is_inactive":true,"days_inactive":999}'],
    ['{"last_active_date":""}', '{"is_inactive":true,"days_inactive":999}'],
  ])('count days of inactivity in %s', (inputs, result) => {
    expect(run('CT_PURE_EVALUATE_INACTIVITY_V0', inputs)).toBe(result)
  })

  it('answer what is not allowed in one generation, and refuse it in the next', () => {
    const membership = '{"value":"b","allowed_set":["a"]}'
    const rules = '{"parameters":{"n":9},"rules":[{"field":"n","op":"lt","value":5}]}'
    expect(run('CT_PURE_VALIDATE_SET_MEMBERSHIP_V0', membership)).toBe('{"is_member":false}')
    expect(() => run('CT_PURE_VALIDATE_SET_MEMBERSHIP_V0', membership, '0.5.0')).toThrow('not in allowed_set')
    expect(run('CT_PURE_VALIDATE_PARAMETER_RULES_V0', rules)).toContain('"valid":false')
    expect(() => run('CT_PURE_VALIDATE_PARAMETER_RULES_V0', rules, '0.5.0')).toThrow('rule failed')
    expect(run('CT_PURE_LOOKUP_V0', '{"key":"a","map":{"a":1}}', '0.5.0')).toBe(
      '{"result":1,"result_status":"SUCCESS"}',
    )
  })

  it('derive the same wallet from the same entropy, and ask for it only when none is given', () => {
    const path = '"root_path_indices":[2147483692,2147483714],"eoa_child_indices":[0,0],"utxo_child_indices":[1,0]'
    const given = `{"entropy_bits":128,"entropy_bytes":"0x000102030405060708090a0b0c0d0e0f",${path}}`
    expect(run('CT_PURE_DERIVE_WALLET_KEYPAIRS_V0', given)).toBe(run('CT_PURE_DERIVE_WALLET_KEYPAIRS_V0', given))
    const drawn = `{"entropy_bits":128,"entropy_bytes":null,${path}}`
    expect(run('CT_PURE_DERIVE_WALLET_KEYPAIRS_V0', drawn)).not.toBe(run('CT_PURE_DERIVE_WALLET_KEYPAIRS_V0', drawn))
    expect(run('CT_PURE_DERIVE_WALLET_KEYPAIRS_V0', given)).toContain(`"eoa_derivation_path":"m/44'/66'/0/0"`)
  })

  it('sum up balances, without those who are nobody', () => {
    const history =
      '{"committed_history":[{"record":{"transactions":[{"amount":5,"from_wallet":null,"to_wallet":"a"},' +
      '{"amount":2,"from_wallet":"a","to_wallet":"b"}]}}]}'
    expect(run('CT_PURE_DERIVE_BALANCES_V0', history)).toBe('{"reconciled_balances":{"a":3,"b":2}}')
    expect(run('CT_PURE_DERIVE_BALANCES_V0', '{"committed_history":null}')).toBe('{"reconciled_balances":{}}')
  })

  it('place slots in epochs and let validators take turns', () => {
    expect(run('CT_PURE_DERIVE_SLOT_EPOCH_V0', '{"slot_number":65}')).toBe(
      '{"round_number":65,"slot_index":1,"epoch_number":2,"timestamp":"2026-01-01T00:32:30Z"}',
    )
    expect(
      run('CT_PURE_SELECT_PROPOSER_V0', '{"eligible_validators":[{"actor_id":"a"},{"actor_id":"b"}],"round_number":3}'),
    ).toBe('{"proposer_id":"b"}')
    expect(() => run('CT_PURE_SELECT_PROPOSER_V0', '{"eligible_validators":[],"round_number":3}')).toThrow('empty')
  })

  it('keep the records that meet every criterion', () => {
    const filter = (criteria: string): string =>
      run('CT_PURE_FILTER_RECORDS_V0', `{"source":[{"a":1,"b":null},{"a":1,"b":2}],"filter":${criteria}}`, '0.5.0')
    expect(filter('{"a":1.0,"b":"present"}')).toBe('{"extracted":[{"a":1,"b":2}]}')
    expect(() => filter('{"a":2}')).toThrow('no record matches')
  })
})

describe('a transform program', () => {
  it('fails at the first atom that cannot run, with the name of that atom', () => {
    const program = asObject(
      parseJson('{"atom_stream":[{"atom":"mine","handler_ref":{"module":"nobody","callable":"execute"},"out":"r"}]}'),
    )
    expect(() => new TransformProgram(program, findIn('0.3.0')).run(object({}), ports)).toThrow(/mine.*nobody/)
  })
})

describeWithReference('the transform tables of the reference', () => {
  it.each(readReferenceTable('micro', 'transforms.json').cases.map((each) => [printCompact(each).slice(0, 120), each]))(
    'agree on %s',
    (_, expected) => {
      const transform = transformNamed(asText(expected.get('transform')))
      const call = (): JsonValue => transform(asObject(expected.get('inputs')), ports)
      const result = expected.get('ok')
      if (result === undefined) expect(call).toThrow()
      else expect(printCompact(call())).toBe(printCompact(result))
    },
  )

  it.each(
    readReferenceTable('micro', 'ct-executor.json').cases.map((each) => [printCompact(each).slice(0, 160), each]),
  )('agree on the program %s', (_, expected) => {
    const program = new TransformProgram(asObject(expected.get('ct_ir')), findIn('0.3.0'))
    const execute = (): Map<string, JsonValue> => program.execute(asObject(expected.get('inputs')), ports)
    expectOutcome(execute, asObject(expected.get('symbols')))
    expectOutcome(() => program.adapt(execute()), asObject(expected.get('adapted')))
  })

  it.each<[string, CapabilityVersion]>([
    ['v0.3.0', '0.3.0'],
    ['v0.7.0', '0.5.0'],
  ])('agree on every conformance case of the snapshot %s', (snapshot, version) => {
    const folder = ['snapshot', snapshot, 'protocol_snapshot', 'conformance']
    const files = readdirSync(join(referenceFolder, ...folder))
    const failed = files.filter((file) => !conforms(asObject(readReference(...folder, file)), version))
    expect(files.length).toBeGreaterThan(60)
    expect(failed).toEqual([])
  })

  function expectOutcome(run: () => Map<string, JsonValue>, expected: JsonObject): void {
    const result = expected.get('ok')
    if (result === undefined) expect(run).toThrow(asText(expected.get('message')))
    else expect(printCompact(run())).toBe(printCompact(result))
  }

  function conforms(source: JsonObject, version: CapabilityVersion): boolean {
    const program = asObject(source.get('ct_ir'))
    const inputs = asObject(program.get('inputs'))
    const mustFail = source.get('expected_outcome') === 'VIOLATION'
    const symbols = outcomeOf(() => new TransformProgram(program, findIn(version)).execute(inputs, ports))
    if (symbols === null || mustFail) return symbols === null && mustFail
    const assertions = source.get('assertions')
    for (const [name, value] of asObject(source.get('expected'))) {
      if (isObject(assertions) && assertions.has(name)) continue
      if (!equals(outputNamed(name, program, symbols), value)) return false
    }
    return true
  }

  function outputNamed(name: string, program: JsonObject, symbols: Map<string, JsonValue>): JsonValue {
    const from = asText(asObject(asObject(program.get('outputs')).get(name)).get('from'))
    const symbol = symbols.get(from) ?? null
    return isObject(symbol) && symbol.has(name) ? (symbol.get(name) ?? null) : symbol
  }

  function outcomeOf(run: () => Map<string, JsonValue>): Map<string, JsonValue> | null {
    try {
      return run()
    } catch (error) {
      expect(printCanonical(String(error))).not.toBe('')
      return null
    }
  }
})
