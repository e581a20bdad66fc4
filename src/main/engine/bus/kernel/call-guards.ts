import { Hookwalls } from './hookwall.ts'
import { type KernelPolicy, kernelPolicyFrom } from './kernel-policy.ts'
import { OriginalTexts } from './original-texts.ts'
import { ProviderBreakers } from './provider-breakers.ts'
import { ReceiptCache } from './receipt-cache.ts'

/** What stands between a call and its run, one set for a host: lanes and operations share it. */
export class CallGuards {
  readonly walls = new Hookwalls()
  readonly providers = new ProviderBreakers()
  readonly originals = new OriginalTexts()
  /** Of lanes the token that brought it, of calls the serialised value: nobody can change it for others. */
  readonly answers: ReceiptCache<string | Buffer>

  constructor({ cacheMaxEntries, cacheTtlMs }: KernelPolicy = kernelPolicyFrom({})) {
    this.answers = new ReceiptCache({ maxEntries: cacheMaxEntries, ttlMs: cacheTtlMs })
  }
}
