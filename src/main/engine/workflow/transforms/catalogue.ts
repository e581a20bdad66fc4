import { deriveBalances, deriveSlotEpoch, extractPredecessorHash, hashBlock, selectProposer } from './chain.ts'
import { collatzStep, terminationCheck } from './collatz.ts'
import { buildEthereumTransaction } from './ethereum-transaction.ts'
import { generateId } from './identifiers.ts'
import {
  deriveChildKey,
  deriveMasterKey,
  ecdsaSign,
  generateEntropy,
  keccak256Hash,
  privateKeyToPublic,
  publicKeyToEthereumAddress,
  toMnemonic,
  toSeed,
} from './keys.ts'
import { checkQuotaAvailable, checkTrainingStatus, evaluateInactivity } from './licensing.ts'
import { requireParameterRules, validateParameterRules } from './parameter-rules.ts'
import { validateRecordStructure } from './record-structure.ts'
import { assembleRecord, emit, extract, mapResultToHttp, passThrough } from './records.ts'
import {
  compareEqual,
  filterRecords,
  lookup,
  lookupWithStatus,
  requireSetMembership,
  validateSetMembership,
} from './selections.ts'
import type { Transform } from './transform.ts'
import { deriveWalletKeypairs, extractWalletFields, incrementWalletNonce } from './wallets.ts'

/** Which generation of capabilities a snapshot was written for; their answers differ. */
export const capabilityVersions = ['0.3.0', '0.5.0'] as const
export type CapabilityVersion = (typeof capabilityVersions)[number]

export function isCapabilityVersion(text: string): text is CapabilityVersion {
  return capabilityVersions.some((version) => version === text)
}

const general = [
  generateId,
  validateRecordStructure,
  checkQuotaAvailable,
  checkTrainingStatus,
  evaluateInactivity,
  assembleRecord,
  emit,
  passThrough,
  extract,
  mapResultToHttp,
  keccak256Hash,
  generateEntropy,
  toMnemonic,
  toSeed,
  deriveMasterKey,
  deriveChildKey,
  privateKeyToPublic,
  publicKeyToEthereumAddress,
  ecdsaSign,
]
const byVersion = {
  '0.3.0': [lookup, validateSetMembership, validateParameterRules],
  '0.5.0': [lookupWithStatus, requireSetMembership, requireParameterRules, filterRecords, compareEqual],
} as const
const governance = [collatzStep, terminationCheck]
const blockchain = [
  buildEthereumTransaction,
  deriveWalletKeypairs,
  extractWalletFields,
  incrementWalletNonce,
  deriveSlotEpoch,
  selectProposer,
  hashBlock,
  extractPredecessorHash,
  deriveBalances,
]

/** Every transform of a generation, under `<module>:<callable>` as snapshots name it. */
export function transformCatalogue(version: CapabilityVersion): ReadonlyMap<string, Transform> {
  const packages = [
    ['pgs_transforms.implementation.transforms.atoms', [...general, ...byVersion[version]]],
    ['pgs_ai_governance.implementation.capability_transforms.atoms', governance],
    ['pgs_blockchain.implementation.capability_transforms.atoms', blockchain],
  ] as const
  return new Map(
    packages.flatMap(([path, transforms]) =>
      transforms.map(([code, transform]) => [`${path}.${code.toLowerCase()}:execute`, transform] as const),
    ),
  )
}
