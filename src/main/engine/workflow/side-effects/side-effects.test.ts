import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseJson } from '../../json/parse.ts'
import { printCompact } from '../../json/print.ts'
import { isObject, type JsonObject, type JsonValue, object } from '../../json/value.ts'
import { stillClock } from '../ports.fixture.ts'
import { asArray, asObject, asText, describeWithReference, readReferenceTable } from '../reference.fixture.ts'
import { fileStores } from '../stores/file-stores.ts'
import type { CapabilityVersion } from '../transforms/catalogue.ts'
import { temporaryFolder, writeText } from '../workspace.fixture.ts'
import { sideEffectCatalogue } from './catalogue.ts'
import type { SideEffectFactory, SideEffectPorts, WorkflowCall, WorkflowExecutor } from './side-effect.ts'

const metadata = object({ capability: object({}), operations: object({}) })

function factoryOf(code: string, version: CapabilityVersion): SideEffectFactory {
  const found = [...sideEffectCatalogue(version)].find(([name]) => name.includes(`.${code}.`))
  if (found === undefined) throw new Error(`no side effect ${code}`)
  return found[1]
}

/** The n-th request is n as 16 bytes. */
function countingEntropy(): SideEffectPorts['entropy'] {
  let asked = 0n
  return {
    bytes(count) {
      const digits = asked.toString(16).padStart(count * 2, '0')
      asked += 1n
      return Uint8Array.from(Buffer.from(digits, 'hex'))
    },
  }
}

describe('side effects', () => {
  const setupFor = (path: string) => ({ name: 'made::CS', config: object({ path }), metadata })

  function portsIn(root: string, endOpenLines = false): SideEffectPorts {
    return {
      clock: stillClock('2026-01-01T00:00:00.120Z'),
      entropy: countingEntropy(),
      stores: fileStores(root, { endOpenLines }),
      executor: null,
      mail: null,
    }
  }

  async function append(ports: SideEffectPorts, path: string, record: JsonValue): Promise<string> {
    const effect = factoryOf('CS_APPENDONLY_JSONL_V0', '0.3.0')(setupFor(path), ports)
    return printCompact(await effect('APPEND', { inputs: object({ record }), entity: null }))
  }

  it('number what they append by the lines that are there, also by those of others', async () => {
    using folder = temporaryFolder()
    const path = join(folder.path, 'log.jsonl')
    const ports = portsIn(folder.path)
    await append(ports, path, 1)
    writeText(path, `${readFileSync(path, 'utf8')}{}\n{}\n`)
    expect(await append(ports, path, 2)).toBe(
      '{"result_status":"SUCCESS","record_id":"2026-01-01T00:00:00.120000_000003","sequence_number":4}',
    )
    expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(5)
  })

  it('glue a record to an open last line as the reference does, unless told to end it', async () => {
    using folder = temporaryFolder()
    const path = join(folder.path, 'log.jsonl')
    writeText(path, '{"open":1}')
    await append(portsIn(folder.path), path, 1)
    expect(readFileSync(path, 'utf8')).toMatch(/^\{"open":1\}\{"record_id".*_000001".*\}\n$/)
    writeText(path, '{"open":1}')
    await append(portsIn(folder.path, true), path, 1)
    expect(readFileSync(path, 'utf8')).toMatch(/^\{"open":1\}\n\{"record_id".*\}\n$/)
    const names = join(folder.path, 'names.json')
    writeText(names, '{"key":"a"}')
    const register = factoryOf('CS_REGISTRY_V0', '0.3.0')(setupFor(names), portsIn(folder.path, true))
    await register('REGISTER', { inputs: object({ key: 'b' }), entity: null })
    expect(readFileSync(names, 'utf8')).toMatch(/^\{"key":"a"\}\n\{"key": "b", .*\}\n$/)
  })

  it('read a registry again when another process has written to it or replaced it', async () => {
    using folder = temporaryFolder()
    const path = join(folder.path, 'registry.json')
    const ports = portsIn(folder.path)
    const effect = factoryOf('CS_REGISTRY_V0', '0.5.0')(setupFor(path), ports)
    const ask = async (operation: string, key: string): Promise<string> =>
      printCompact(await effect(operation, { inputs: object({ key_or_address: key }), entity: null }))
    writeText(path, '{"key":"a","address":"A1"}\n{"key":"b","address":"A1"}\n')
    expect(await ask('resolve', 'A1')).toBe('{"result_status":"SUCCESS","target_cs":"","target_ref":""}')
    expect(await ask('DEREGISTER', 'A1')).toBe('{"result_status":"SUCCESS"}')
    expect(await ask('EXISTS', 'a')).toContain('false')
    expect(await ask('EXISTS', 'A1')).toContain('true')
    writeText(path, '{"key":"c"}')
    expect(await ask('EXISTS', 'b')).toContain('false')
    expect(await ask('EXISTS', 'c')).toContain('true')
    expect(await ask('COUNT', 'c')).toContain('1')
    writeText(path, '{"key":"c"}\nbroken\n')
    expect(await ask('EXISTS', 'c')).toBe('{"result_status":"BACKEND_ERROR"}')
    writeText(path, '{"key":"d"}\n')
    expect(await ask('EXISTS', 'd')).toContain('true')
  })

  it('store a null key again and again, and never find it, as the reference does', async () => {
    using folder = temporaryFolder()
    const path = join(folder.path, 'registry.json')
    const effect = factoryOf('CS_REGISTRY_V0', '0.3.0')(setupFor(path), portsIn(folder.path))
    const ask = async (operation: string, inputs: Record<string, JsonValue>): Promise<string> =>
      printCompact(await effect(operation, { inputs: object(inputs), entity: null }))
    for (let n = 0; n < 2; n += 1) expect(await ask('REGISTER', { key: null })).toContain('"result_status":"SUCCESS"')
    expect(readFileSync(path, 'utf8').match(/"key": null/g)).toHaveLength(2)
    expect(await ask('EXISTS', { key_or_address: null })).toContain('false')
    expect(await ask('REGISTER', { key: 'a' })).toContain('SUCCESS')
    expect(await ask('REGISTER', { key: 'a' })).toBe('{"result_status":"ALREADY_EXISTS"}')
  })

  const named = object({ key: 'a', key_or_address: 'a', name: 'a', resource_addresses: [], record: 1 })
  it.each([
    ['CS_REGISTRY_V0', ['REGISTER', 'RESOLVE', 'EXISTS', 'DEREGISTER', 'COUNT']],
    ['CS_APPENDONLY_JSONL_V0', ['APPEND', 'READ_ALL']],
    ['CS_MUTABLE_JSON_V0', ['READ', 'WRITE', 'DELETE', 'EXISTS', 'LIST_KEYS', 'DELETE_MANY', 'UPDATE_WHERE']],
    ['CS_NAME_REGISTRY_V0', ['READ', 'WRITE']],
  ])('refuse a store outside of the data root, whatever %s is asked to do', async (code, operations) => {
    using folder = temporaryFolder()
    const root = join(folder.path, 'root')
    const path = '../elsewhere.json'
    const entity_stores = object({ things: object({ path }) })
    const storage_structure_artifact = object({ frontmatter: object({ core: object({ entity_stores }) }) })
    const config = object({ path: `${root}/${path}`, module_data_root: root, storage_structure_artifact })
    const ports = portsIn(root)
    for (const operation of operations) {
      const call = async () =>
        factoryOf(code, '0.5.0')({ name: 'made::CS', config, metadata }, ports)(operation, {
          inputs: named,
          entity: 'things',
        })
      await expect(call(), operation).rejects.toThrow('A store may not lie outside of the data root')
    }
    expect(existsSync(join(folder.path, 'elsewhere.json'))).toBe(false)
  })

  it('end a loop at the first run that is no success, and say how many items were finished', async () => {
    using folder = temporaryFolder()
    const statuses = ['SUCCESS', 'ALREADY_EXISTS', 'SUCCESS']
    const run: WorkflowExecutor['run'] = async () => ({ status: statuses.shift() ?? '', surface: object({}) })
    const ports = { ...portsIn(folder.path), executor: { run, runAll: async () => [] } }
    const effect = factoryOf('CS_WORKFLOW_LOOP_V0', '0.5.0')(setupFor('unused'), ports)
    const inputs = object({ sequence: [1, 2, 3].map((n) => object({ n })), item_wf: object({ code: 'made::WF' }) })
    const answer = await effect('EXECUTE_SEQUENCE', { inputs, entity: null })
    expect(printCompact(answer)).toBe('{"result_status":"VIOLATION","items_processed":1,"sub_items_processed":0}')
    expect(statuses).toHaveLength(1)
  })

  it('send mail where it can be sent, and say so where it cannot', async () => {
    using folder = temporaryFolder()
    const config = object({ smtp_host: 'mail.example', smtp_user: 'u', smtp_pass: 'p' })
    const sent: string[] = []
    const ports = { ...portsIn(folder.path), mail: async ({ body }: { body: string }) => void sent.push(body) }
    const inputs = object({
      recipient: 'a@example.com',
      body_template: 'Dear {name}',
      template_vars: object({ name: 'Ada' }),
    })
    const send = async (using: SideEffectPorts): Promise<string> => {
      const effect = factoryOf('CS_SEND_EMAIL_V0', '0.3.0')({ name: 'made::CS', config, metadata }, using)
      return printCompact(await effect('SEND', { inputs, entity: null }))
    }
    expect(await send(ports)).toBe('{"result_status":"SUCCESS","delivery_status":"sent"}')
    expect(sent).toEqual(['Dear Ada'])
    expect(await send(portsIn(folder.path))).toContain('BACKEND_ERROR')
  })
})

describeWithReference('the side-effect tables of the reference', () => {
  for (const version of ['0.3.0', '0.5.0'] as const) {
    const { cases } = readReferenceTable('micro', `side-effects-v${version}.json`)
    it.each(cases.map((each, index) => [`${index} ${asText(each.get('side_effect'))}`, each] as const))(
      `agree in ${version} on %s`,
      async (_, script) => {
        using folder = temporaryFolder()
        for (const [path, text] of asObject(script.get('files_before')))
          writeText(join(folder.path, path), asText(text))
        const calls: JsonValue[] = []
        const config = asObject(
          parseJson(printCompact(asObject(script.get('config'))).replaceAll('<DATA_ROOT>', folder.path)),
        )
        const ports: SideEffectPorts = {
          clock: stillClock('2026-01-01T00:00:00.000Z'),
          entropy: countingEntropy(),
          stores: fileStores(folder.path),
          executor: config.get('__exec') === 'stub' ? stubExecutor(calls) : null,
          mail: null,
        }
        for (const call of asArray(script.get('calls')).map(asObject)) {
          await expectCall(factoryOf(asText(script.get('side_effect')), version), config, ports, call)
        }
        for (const [path, text] of asObject(script.get('files_after'))) {
          expect(withPlainAddresses(readFileSync(join(folder.path, path), 'utf8'))).toBe(text)
        }
        if (script.has('executor_calls'))
          expect(printCompact(calls)).toBe(printCompact(script.get('executor_calls') ?? null))
      },
    )
  }

  async function expectCall(
    factory: SideEffectFactory,
    config: JsonObject,
    ports: SideEffectPorts,
    call: JsonObject,
  ): Promise<void> {
    const inputs = new Map(asObject(parseJson(withRealAddresses(printCompact(call.get('payload') ?? null)))))
    const entity = inputs.get('__pgs_store_entity__')
    inputs.delete('__pgs_store_entity__')
    const run = async (): Promise<string> => {
      const effect = factory({ name: 'CS', config, metadata }, ports)
      const answer = await effect(asText(call.get('op')), {
        inputs,
        entity: typeof entity === 'string' ? entity : null,
      })
      return withPlainAddresses(printCompact(answer))
    }
    const expected = call.get('ok')
    if (isObject(expected)) expect(await run(), printCompact(call)).toBe(printCompact(expected))
    else await expect(run(), printCompact(call)).rejects.toThrow(asText(call.get('message')))
  }

  /** The table counts its addresses where real ones carry the version and the variant of a UUID. */
  function withPlainAddresses(text: string): string {
    return text.replaceAll(/ADDR_(\w{12})4(\w{3})8(\w{15})/g, 'ADDR_$10$20$3')
  }

  function withRealAddresses(text: string): string {
    return text.replaceAll(/ADDR_(\w{12})0(\w{3})0(\w{15})/g, 'ADDR_$14$28$3')
  }

  function stubExecutor(calls: JsonValue[]): WorkflowExecutor {
    const run = async ({ code, payload }: WorkflowCall): ReturnType<WorkflowExecutor['run']> => {
      calls.push([code, payload])
      const name = String(code)
      if (name.includes('RAISE')) throw new Error('boom')
      if (name.includes('NOVOCAB')) throw new Error("'FQDN not in vocab: x'")
      if (name.includes('VALUE')) throw new Error('bad')
      if (name.includes('VIOL')) return { status: 'VIOLATION', surface: object({ v: 1 }) }
      if (name.includes('EXISTS')) return { status: 'ALREADY_EXISTS', surface: object({}) }
      return { status: 'SUCCESS', surface: object({ echo: payload }) }
    }
    return { run, runAll: async (all) => await Promise.all(all.map((each) => settle(run(each)))) }
  }

  async function settle(outcome: ReturnType<WorkflowExecutor['run']>) {
    try {
      return { outcome: await outcome }
    } catch (error) {
      return { error }
    }
  }
})
