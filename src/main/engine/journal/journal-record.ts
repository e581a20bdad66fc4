/**
 * One thing that happened to a token, in 64 bytes: eight float64, of which some are used as int32 words. Records are written by the
 * control thread, kept by the journal as they are, and read by the reader; a number that changes its meaning needs a migration.
 * Machines of the other byte order are not served.
 */
export const recordBytes = 64
export const recordDoubles = recordBytes / 8
export const recordWords = recordBytes / 4

/**
 * When everything is told anew, `restated` stands for the acceptance of a token that the file has as unfinished, and `skipped` for
 * what is known of one that has ended there.
 */
export const recordKinds = { accepted: 0, again: 1, held: 2, ended: 3, skipped: 4, restated: 5 } as const

/** float64, by index within the record. */
export const recordNumbers = {
  sequence: 0,
  /** accepted: engine microseconds of the run that wrote it. */
  created: 1,
  parent: 2,
  /** Milliseconds, 0 for none. */
  timeout: 3,
  queueTimeout: 4,
  /** ended: microseconds after its creation, NaN for "never". */
  admitted: 1,
  started: 2,
  ended: 3,
} as const

/** int32, by index within the record. */
export const recordFields = {
  /** ended: staggered position of its placement. */
  position: 8,
  resultLength: 9,
  /** Four bytes: kind, then weight or state, then flags, then the format of arguments or result. */
  packed: 10,
  attempt: 11,
  /** accepted: number of the operation in the run that wrote it. */
  operation: 12,
  /** ended: core, and from bit 16 on the worker's slot; core 0 for "never placed". */
  place: 12,
  /** accepted: where in the segment's bytes the arguments are, or `keptApart`. */
  argumentsAt: 13,
  argumentsLength: 14,
  resultAt: 13,
  /** What else is known of an end, as JSON. */
  detailAt: 14,
  detailLength: 15,
} as const

/** Arguments too large to stay when the token has ended lie in a table of their own until then. */
export const keptApart = -1

/** Flags of `accepted`; `held` is also the flag of a record of its kind. */
export const acceptedFlags = { idempotent: 1, held: 2, fromTuple: 4 } as const
/** Flags of `ended`, for the explanation of its route. */
export const endedFlags = { stolen: 1, counting: 2 } as const

/** How bytes carry a value. */
export const valueFormats = {
  /** None at all. */
  none: 0,
  /** The compact encoding of the mailboxes. */
  plain: 1,
  /** V8's own serialisation. */
  cloned: 2,
  /** It could not be kept: not serialisable, or beyond the limit. */
  unkept: 3,
} as const

export function packFields(kind: number, second: number, flags: number, format: number): number {
  return kind | (second << 8) | (flags << 16) | (format << 24)
}
