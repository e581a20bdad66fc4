import { expect, it } from 'vitest'
import { printCompact } from '../../json/print.ts'
import { type JsonObject, type JsonValue, object, textAt } from '../../json/value.ts'
import { countedEntropy, stillClock } from '../ports.fixture.ts'
import { Redactor } from '../secrets/redactor.ts'
import { transformCatalogue } from './catalogue.ts'
import { secretTransformFields } from './secret-fields.ts'

const ports = { clock: stillClock(), entropy: countedEntropy() }

/** What a transform was given and gave, as it would be written down. */
const recorded: string[] = []

function call(code: string, inputs: Readonly<Record<string, JsonValue>>): JsonObject {
  const found = [...transformCatalogue('0.3.0')].find(([name]) => name.includes(`.${code.toLowerCase()}:`))
  if (found === undefined) throw new Error(`no transform ${code}`)
  const output = found[1](object(inputs), ports)
  // One for each, so that nothing is masked only because it is known from another transform.
  const redactor = new Redactor(secretTransformFields)
  recorded.push(printCompact(redactor.object(object(inputs))), printCompact(redactor.value(output)))
  return output as JsonObject
}

it('key material is left out of what every transform was given and gave; what is public stays', () => {
  const text = (output: JsonObject, name: string) => textAt(output, name) ?? ''
  const entropy = text(call('CT_PURE_GENERATE_ENTROPY_V0', { entropy_bits: 128 }), 'entropy_bytes')
  const mnemonic = text(call('CT_PURE_ENTROPY_TO_MNEMONIC_V0', { entropy_bytes: entropy }), 'mnemonic')
  const passphrase = 'correct horse'
  const seed = text(call('CT_PURE_MNEMONIC_TO_SEED_V0', { mnemonic, passphrase }), 'seed_bytes')
  const master = call('CT_PURE_DERIVE_MASTER_KEY_V0', { seed_bytes: seed })
  const key = text(master, 'master_private_key_bytes')
  const code = text(master, 'master_chain_code_bytes')
  const parent = { parent_private_key_bytes: key, parent_chain_code_bytes: code }
  const child = call('CT_PURE_DERIVE_CHILD_KEY_V0', { ...parent, index: 0 })
  const childKey = text(child, 'child_private_key_bytes')
  const open = call('CT_PURE_PRIVATE_KEY_TO_PUBLIC_V0', { private_key_bytes: childKey })
  call('CT_PURE_ECDSA_SIGN_V0', { private_key_bytes: childKey, message_hash: `0x${'11'.repeat(32)}` })
  const paths = { root_path_indices: [0], eoa_child_indices: [0], utxo_child_indices: [1] }
  call('CT_PURE_DERIVE_WALLET_KEYPAIRS_V0', { entropy_bits: 128, entropy_bytes: entropy, passphrase, ...paths })
  const secrets = {
    entropy,
    mnemonic,
    passphrase,
    seed,
    key,
    code,
    childKey,
    childCode: text(child, 'child_chain_code_bytes'),
  }
  for (const [name, secret] of Object.entries(secrets)) {
    expect(secret.length, name).toBeGreaterThan(5)
    expect(
      recorded.filter((line) => line.includes(secret)),
      name,
    ).toEqual([])
  }
  expect(recorded.join('\n')).toContain(text(open, 'public_key_uncompressed_bytes'))
})
