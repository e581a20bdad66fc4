import { parseArgs } from 'node:util'

export const scenarios = ['full', 'empty', 'untrusted', 'failing', 'paused', 'read-only'] as const
/**
 * full: everything works and something always happens. empty: no workspace. untrusted: a folder that waits for trust.
 * failing: modules do not load, most tokens fail, workers drift and die. paused: the gate is shut. read-only: writes are refused.
 */
export type Scenario = (typeof scenarios)[number]

export interface MadeUpHostOptions {
  readonly cores: number
  /** Tokens that already exist at the start. */
  readonly tokens: number
  /** Tokens created per second while it runs; 0 stands still. */
  readonly rate: number
  readonly operations: number
  readonly scenario: Scenario
  readonly port: number
  /** Folder of the built renderer. */
  readonly staticFolder: string
  readonly seed: number
}

const usage = `usage: node e2e/made-up-host/host.ts [options]
  --cores N        cores of the invented machine, 0 to 1024 (8)
  --tokens N       tokens that exist at the start, 0 to 2000000 (2000)
  --rate N         tokens created per second (8 per core)
  --operations N   operations, 0 to 5000 (30)
  --scenario NAME  ${scenarios.join(', ')} (full)
  --port N         0 takes a free one (0)
  --static DIR     folder of the built renderer (out/renderer)
  --seed N         the same seed invents the same start (1)`

/** Reads the command line. Throws an Error whose message is one sentence and the usage. */
export function parseCommandLine(argv: readonly string[]): MadeUpHostOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      cores: { type: 'string', default: '8' },
      tokens: { type: 'string', default: '2000' },
      rate: { type: 'string' },
      operations: { type: 'string', default: '30' },
      scenario: { type: 'string', default: 'full' },
      port: { type: 'string', default: '0' },
      static: { type: 'string', default: 'out/renderer' },
      seed: { type: 'string', default: '1' },
    },
  })
  const scenario = scenarios.find((name) => name === values.scenario)
  if (scenario === undefined) throw new Error(`--scenario ${values.scenario} is not one of those known\n${usage}`)
  const cores = wholeNumber('cores', values.cores, 1024)
  return {
    cores,
    tokens: wholeNumber('tokens', values.tokens, 2_000_000),
    rate: values.rate === undefined ? Math.max(8, cores * 8) : wholeNumber('rate', values.rate, 100_000),
    operations: wholeNumber('operations', values.operations, 5000),
    scenario,
    port: wholeNumber('port', values.port, 65_535),
    staticFolder: values.static,
    seed: wholeNumber('seed', values.seed, 2 ** 31),
  }
}

function wholeNumber(name: string, text: string, maximum: number): number {
  const value = Number(text)
  if (Number.isInteger(value) && value >= 0 && value <= maximum) return value
  throw new Error(`--${name} ${text} is not a whole number from 0 to ${maximum}\n${usage}`)
}
