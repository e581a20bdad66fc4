/**
 * Inputs and outputs of the transforms that hold key material. Whoever records what a transform was given leaves them
 * out. The random bytes that a transform asks for are key material too.
 */
export const secretTransformFields: readonly string[] = [
  'mnemonic',
  'passphrase',
  'entropy_bytes',
  'seed_bytes',
  'private_key_bytes',
  'master_private_key_bytes',
  'master_chain_code_bytes',
  'parent_private_key_bytes',
  'parent_chain_code_bytes',
  'child_private_key_bytes',
  'child_chain_code_bytes',
]
