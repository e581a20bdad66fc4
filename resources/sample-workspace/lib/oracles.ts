/**
 * Results known beforehand: argument, then the right result. The workloads and most values are those of TokenGuard's
 * interactive test suite and concurrency test; where a formula is given, it predicts every value.
 */
export type Known<Argument, Result> = readonly (readonly [Argument, Result])[]

/** n² */
export const trivialResults: Known<number, number> = [
  [0, 0],
  [7, 49],
  [12, 144],
  [1_000, 1_000_000],
]

/** n(n - 1) / 2 */
export const simpleResults: Known<number, number> = [
  [100, 4_950],
  [300, 44_850],
]

/** 2n + 1 */
export const stringResults: Known<number, number> = [
  [10, 21],
  [500, 1_001],
  [5_000, 10_001],
]

/** 3m(m - 1) with m = ⌈n / 3⌉ */
export const moderateResults: Known<number, number> = [
  [500, 83_166],
  [750, 186_750],
  [1_000, 333_666],
  [1_250, 520_416],
  [1_500, 748_500],
]

/** 2³¹ - 1 is the eighth Mersenne prime (Euler, 1772); 1,000,001 = 101 × 9,901. */
export const primeResults: Known<number, boolean> = [
  [2, true],
  [7_919, true],
  [1_000_001, false],
  [2_147_483_647, true],
]

/** (n(n - 1) / 2)² */
export const complexResults: Known<number, number> = [
  [10, 2_025],
  [20, 36_100],
  [400, 6_368_040_000],
]

/** 328,350 n: the sum of the squares below 100 is 99 × 100 × 199 / 6. */
export const heavyResults: Known<number, number> = [
  [10, 3_283_500],
  [5_000, 1_641_750_000],
  [20_000, 6_567_000_000],
]

/** OEIS A000045 */
export const fibonacciResults: Known<number, bigint> = [
  [90, 2_880_067_194_370_816_120n],
  [100, 354_224_848_179_261_915_075n],
  [300, 222_232_244_629_420_445_529_739_893_461_909_967_206_666_939_096_499_764_990_979_600n],
]

/** seed -> 3v + 7 -> even: v / 2, odd: 2v + 1 -> 1275v -> v mod 9973 */
export const chainResults: Known<number, number> = [
  [17, 7_056],
  [42, 1_343],
  [99, 4_313],
  [5, 4_052],
  [128, 1_025],
  [256, 2_871],
  [7, 7_877],
  [333, 3_053],
]

/** The same steps, for the chains that run side by side. */
export const parallelChainResults: Known<number, number> = [
  [13, 9_379],
  [77, 2_130],
  [200, 3_310],
  [55, 9_920],
  [88, 4_188],
  [144, 3_749],
]

/** From this limit on, the sum of the primes below the limit. The next prime after 59 is 61, and so on to 83. */
export const primeSums: Known<number, number> = [
  [60, 440],
  [62, 501],
  [68, 568],
  [72, 639],
  [74, 712],
  [80, 791],
  [84, 874],
]

/** Place in the wave and end of the chain of digests: 123 rounds. */
export const hashChainResults: Known<number, string> = [
  [3, '7fb9a9a91d5945f1d611fbff5a0d1ec9eedff3fc4419e0504a343420ef87b084'],
]

/** SHA-256 of 8 KiB in which byte n is n mod 256. */
export const blobDigest = 'dc404a613fedaeb54034514bc6505f56b933caa5250299ba7d094377a51caa46'

/** The four keys of the cache storm; each look-up gives the square of its key. */
export const stormKeys = [101, 202, 303, 404] as const
