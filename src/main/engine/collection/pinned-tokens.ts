/** Ids of the tokens that pinned receipts tell of, and of the tokens that called these. What belongs to them is not collected. */
export type PinnedTokens = () => Promise<ReadonlySet<string>>
