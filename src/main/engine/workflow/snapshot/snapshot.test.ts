import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sha256Hex } from '../../json/canonical-hash.ts'
import { asObject, describeWithReference, readReference, referenceFolder } from '../reference.fixture.ts'
import { conditionOf, type MadeUpTables, temporaryFolder, writeSnapshot, writeText } from '../workspace.fixture.ts'
import { load, seal, verifyDomain } from './load.ts'
import { sealPath } from './seal.ts'
import { type SnapshotPart, snapshotPath } from './snapshot-files.ts'

const tables: MadeUpTables = {
  names: ['made::WF_A_V0', 'made::IN_A_V0', 'made::CC_A_V0'],
  dispatch: {
    entry: { 0: { start: 1, rb: 9 } },
    routing: { 0: { 1: { [conditionOf('ACK')]: 2 } } },
    pipeline: { 2: [] },
    bindings: { 0: { 2: { x: '$.payload.x' } } },
  },
  handlers: {},
}
const keyedTables: MadeUpTables = {
  ...tables,
  dispatch: {
    entry: { 0: { start: 1, start_key: 'IN_A_V0', rb: 9 } },
    routing: { 0: { 1: { [conditionOf('ACK')]: { addr: 2, key: 'AUDIT' } } } },
    pipeline: { 2: [] },
    bindings: { 0: { AUDIT: { x: 1 } } },
  },
}

describe('loading a domain', () => {
  it('tells the dialect by what stands in the routing', () => {
    using folder = temporaryFolder()
    writeSnapshot(folder.path, 'made', tables)
    writeSnapshot(folder.path, 'keyed', keyedTables)
    const workspace = load(folder.path)
    expect(workspace.domain('made').dispatch.dialect).toBe('address')
    expect(workspace.domain('keyed').dispatch.dialect).toBe('node-key')
    expect(workspace.domain('keyed').dispatch.routing.get(0)?.get(1)?.get(conditionOf('ACK'))).toEqual({
      address: 2,
      key: 'AUDIT',
    })
    expect(workspace.domain('made')).toBe(workspace.domain('made'))
  })

  it.each<[string, SnapshotPart, string, string]>([
    ['no JSON', 'dispatch', '{"routing": ', 'Expecting value: line 1 column 13 (char 12) in '],
    ['no object', 'handlers', '[]', 'Snapshot file is not a JSON object: '],
    ['a key that is no address', 'dispatch', '{"routing": {"x": {}}}', "invalid literal for int() with base 10: 'x'"],
    ['a table of a wrong type', 'dispatch', '{"routing": []}', 'routing has to be an object, not list, in '],
    [
      'a start without a key',
      'dispatch',
      '{"routing":{"0":{"1":{"2":{"addr":1,"key":"k"}}}},"entry":{"0":{"start":1}}}',
      'entry.0.start_key has to be a text',
    ],
    ['an address that is no hexadecimal', 'forward', '{"zz": "x"}', "invalid literal for int() with base 16: 'zz'"],
  ])('names what is wrong: %s', (_, part, text, message) => {
    using folder = temporaryFolder()
    writeSnapshot(folder.path, 'made', tables)
    writeText(snapshotPath(folder.path, 'made', part), text)
    expect(() => load(folder.path).domain('made')).toThrow(message)
  })

  it('names a file that is missing, and a domain that is not attested', () => {
    using folder = temporaryFolder()
    expect(() => load(folder.path).domain('made')).toThrow(
      `Required snapshot file missing: ${join(folder.path, 'tokenized_snapshot', 'made', 'dispatch.json')}`,
    )
    writeSnapshot(folder.path, 'made', tables)
    const attestation = snapshotPath(folder.path, 'made', 'attestation')
    writeText(attestation, '{}')
    expect(() => load(folder.path).domain('made')).toThrow('Trust verification failed')
    writeText(attestation, '{"tokenized_projection_hash":"other"}')
    expect(() => load(folder.path).domain('made')).toThrow(
      /^\[made\] Snapshot integrity failure: metadata.projection_hash='\w{64}' != attestation.tokenized_projection_hash='other'$/,
    )
  })
})

describe('the integrity of a domain', () => {
  it('holds for an untouched one, and changes its hash with every executed file', () => {
    using folder = temporaryFolder()
    writeSnapshot(folder.path, 'made', tables)
    const before = load(folder.path).domain('made')
    expect(verifyDomain(before).map(({ verdict }) => verdict)).toEqual(Array(7).fill('holds'))
    writeText(snapshotPath(folder.path, 'made', 'handlers'), '{ }')
    expect(load(folder.path).domain('made').hash).not.toBe(before.hash)
  })

  it.each<[SnapshotPart, string, string, readonly string[]]>([
    ['topology', '"edges": []', '"edges": [1]', ['tokenized projection_hash']],
    ['forward', 'made::CC_A_V0', 'made::CC_B_V0', ['vocabulary_hash', 'vocabulary projection_hash']],
    [
      'reverse',
      '0x0002',
      '0x0003',
      [
        ...['vocabulary_hash', 'vocabulary projection_hash'],
        ...['graph_address_hash', 'vocabulary graph_address_hash'],
      ],
    ],
    ['attestation', '"attestation_hash": "', '"attestation_hash": "0', ['attestation_hash']],
  ])('differs where %s was edited, and in the strict mode is refused for that', (part, from, to, names) => {
    using folder = temporaryFolder()
    writeSnapshot(folder.path, 'made', tables)
    const path = snapshotPath(folder.path, 'made', part)
    writeText(path, readFileSync(path, 'utf8').replace(from, to))
    const wrong = verifyDomain(load(folder.path).domain('made')).filter(({ verdict }) => verdict !== 'holds')
    expect(wrong.map(({ name, verdict }) => [name, verdict])).toEqual(names.map((name) => [name, 'differs']))
    expect(() => load(folder.path, { strict: true }).domain('made')).toThrow(`${names[0]} in ${wrong[0]?.path} is `)
  })

  it.each<SnapshotPart>(['dispatch', 'handlers', 'metadata', 'attestation', 'forward', 'reverse'])(
    'is sealed with its %s',
    (part) => {
      using folder = temporaryFolder()
      writeSnapshot(folder.path, 'made', tables)
      const before = load(folder.path).domain('made')
      seal(before)
      const path = snapshotPath(folder.path, 'made', part)
      writeText(path, `${readFileSync(path, 'utf8')} `)
      expect(() => load(folder.path, { strict: true }).domain('made')).toThrow(`${path} has another content`)
      expect(load(folder.path).domain('made').hash).not.toBe(before.hash)
    },
  )

  it('fails in the strict mode when a sealed topology or vocabulary was edited', () => {
    using folder = temporaryFolder()
    writeSnapshot(folder.path, 'made', tables)
    seal(load(folder.path).domain('made'))
    load(folder.path, { strict: true }).domain('made')
    writeText(snapshotPath(folder.path, 'made', 'topology'), '{"nodes":[1]}')
    expect(() => load(folder.path, { strict: true }).domain('made')).toThrow('tokenized projection_hash')
  })

  it('fails in the strict mode without a seal, with an edited table, and with an edited seal', () => {
    using folder = temporaryFolder()
    writeSnapshot(folder.path, 'made', tables)
    const strictly = (): unknown => load(folder.path, { strict: true }).domain('made')
    expect(strictly).toThrow('is not sealed')
    seal(load(folder.path).domain('made'))
    const dispatch = snapshotPath(folder.path, 'made', 'dispatch')
    const original = readFileSync(dispatch, 'utf8')
    writeFileSync(dispatch, original.replace('"rb": 9', '"rb": 8'))
    expect(strictly).toThrow(`${dispatch} has another content`)
    writeFileSync(dispatch, original)
    const path = sealPath(folder.path, 'made')
    writeFileSync(path, readFileSync(path, 'utf8').replace('"domain": "made"', '"domain": "male"'))
    expect(strictly).toThrow('The seal itself was edited')
  })
})

describeWithReference('the hashes that the reference snapshots publish', () => {
  it.each(['v0.3.0', 'v0.7.0'])('hold in every domain of %s', (version) => {
    const folder = join(referenceFolder, 'snapshot', version)
    for (const domain of ['platform', 'ai_governance', 'blockchain']) {
      const wrong = verifyDomain(load(folder).domain(domain)).filter(({ verdict }) => verdict !== 'holds')
      expect(wrong, domain).toEqual([])
    }
  })

  it('hold for the content of every artifact', () => {
    const artifacts = join('snapshot', 'v0.3.0', 'protocol_snapshot', 'artifacts')
    const files = readdirSync(join(referenceFolder, artifacts), { recursive: true, encoding: 'utf8' })
    const wrong = files
      .filter((file) => file.endsWith('.json'))
      .filter((file) => {
        const artifact = asObject(readReference(artifacts, file))
        const content = artifact.get('content')
        return typeof content === 'string' && sha256Hex(content) !== artifact.get('content_hash')
      })
    expect(wrong).toEqual([])
  })
})
