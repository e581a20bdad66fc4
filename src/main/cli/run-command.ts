import { GuardhouseError, toErrorData } from '../../shared/errors.ts'
import type { Clock, Entropy } from '../engine/workflow/ports.ts'
import { fixedClock, labelledEntropy, systemEntropy } from '../engine/workflow/run/clocks.ts'
import { readIsoDate } from '../engine/workflow/transforms/iso-date.ts'
import { defineCommand, type OptionValues } from './command.ts'
import { exitCodes } from './exit-code.ts'

const options = {
  wf: { type: 'string', value: 'DOMAIN::CODE', help: 'Full name of the workflow' },
  payload: { type: 'string', value: 'FILE', help: 'JSON file with what the run is given; left out: an empty object' },
  'data-root': { type: 'string', value: 'PATH', help: 'Folder of all stores, absolute; left out: PGS_DATA_ROOT' },
  workspace: { type: 'string', value: 'PATH', help: 'Folder of the snapshots, absolute; left out: PGS_WORKSPACE' },
  strict: { type: 'boolean', help: 'Refuse a snapshot with a wrong hash, or one that is not as it was sealed' },
  seal: { type: 'boolean', help: 'First record the snapshot as it is now as the approved one' },
  enforce: {
    type: 'boolean',
    help: 'Ask intents and admission rules, which the reference does not; they may refuse a run',
  },
  'no-evidence': { type: 'boolean', help: 'Write the trace only, and not what is needed to replay the run' },
  redact: {
    type: 'string',
    multiple: true,
    value: 'NAME',
    help: 'Leave what stands under this name out of trace and evidence; names joined by dots reach inside objects',
  },
  'record-secrets': {
    type: 'boolean',
    help: 'Keep mnemonics and keys in the evidence, so that their steps can be replayed too',
  },
  md: { type: 'boolean', help: 'Write a summary beside the trace' },
  svg: { type: 'boolean', help: 'Write a picture of what was walked beside the trace' },
  png: { type: 'boolean', help: 'The same as PNG' },
  transaction: { type: 'boolean', help: 'Change stores only when the run has succeeded, then all at once' },
  'mend-lines': { type: 'boolean', help: 'End an open last line of a store before a record is added to it' },
  durable: { type: 'boolean', help: 'Have every record on the disk before its step ends' },
  'hop-limit': {
    type: 'string',
    value: 'N',
    help: 'Stop at more nodes than this, or none; left out: 64, as the reference',
  },
  'time-limit': { type: 'string', value: 'SECONDS', help: 'Stop the run after this time' },
  'fixed-clock': { type: 'string', value: 'ISO', help: 'Hold the wall clock at this time' },
  'mono-start-ns': {
    type: 'string',
    value: 'N',
    help: 'Time of the first trace event; each further one is 1000 later',
  },
  'entropy-label': { type: 'string', value: 'TEXT', help: 'Take all randomness from hashes of this text and a count' },
} as const
type RunOptions = OptionValues<typeof options>

export const runCommand = defineCommand({
  name: 'run',
  parameters: '--wf DOMAIN::CODE',
  summary: 'Run a sealed workflow of a snapshot, and write its trace',
  details: [
    'Texts, files and exit codes are those of pgs_runtime 0.3.0: 0 for SUCCESS and ALREADY_EXISTS, 1 for any other',
    'status and for every error. Traces lie below traces/ in the workspace; those of nested runs in nested/ beside them.',
  ],
  examples: ['guardhouse run --wf shop::WF_ORDER_V0 --payload order.json --data-root /var/shop --workspace /srv/shop'],
  positionals: { least: 0, most: 0 },
  options,
  async run({ options: given }, surroundings) {
    const { wf } = given
    if (wf === undefined) throw new GuardhouseError('bad-request', 'run needs the workflow: --wf DOMAIN::CODE')
    const request = {
      wf,
      payload: given.payload,
      dataRoot: given['data-root'],
      workspace: given.workspace,
      strict: given.strict,
      seal: given.seal,
      enforce: given.enforce,
      evidence: !given['no-evidence'],
      recordSecrets: given['record-secrets'],
      redact: given.redact,
      transaction: given.transaction,
      storeOptions: { endOpenLines: given['mend-lines'], durable: given.durable },
      exports: (['md', 'svg', 'png'] as const).filter((form) => given[form]),
      json: given.json,
      clock: clockFrom(given),
      entropy: entropyFrom(given),
      hopLimit: hopLimitFrom(given),
      timeLimit: timeLimitFrom(given),
    }
    // The engine with its curves and word lists is loaded only by who runs something.
    const { runOnce } = await import('./workflow-run.ts')
    try {
      return await runOnce(request, surroundings)
    } catch (error) {
      const { message, hint } = toErrorData(error)
      const { terminal } = surroundings
      terminal.note(`[pgs_runtime] Error: ${message}`)
      // The reference's one line is kept for programs that read it; people also hear which file is meant.
      if (hint !== undefined && (terminal.interactive || given.json)) terminal.note(`  ${hint}`)
      return exitCodes.failed
    }
  },
})

function clockFrom(given: RunOptions): Clock {
  const wall = given['fixed-clock']
  const start = given['mono-start-ns']
  const microseconds = wall === undefined ? null : readIsoDate(wall)
  if (wall !== undefined && microseconds === null) {
    throw new GuardhouseError('bad-request', `--fixed-clock needs an ISO 8601 time, not "${wall}"`)
  }
  if (start !== undefined && !/^\d+$/.test(start)) {
    throw new GuardhouseError('bad-request', `--mono-start-ns needs a whole number of nanoseconds, not "${start}"`)
  }
  return fixedClock({
    ...(microseconds === null ? {} : { wallMicroseconds: Number(microseconds) }),
    ...(start === undefined ? {} : { traceStartNanoseconds: BigInt(start) }),
  })
}

function entropyFrom(given: RunOptions): Entropy {
  const label = given['entropy-label']
  return label === undefined ? systemEntropy : labelledEntropy(label)
}

function hopLimitFrom(given: RunOptions): number | null {
  const text = given['hop-limit'] ?? '64'
  if (text === 'none') return null
  if (/^[1-9]\d*$/.test(text)) return Number(text)
  throw new GuardhouseError('bad-request', `--hop-limit needs a whole number above 0, or none, not "${text}"`)
}

function timeLimitFrom(given: RunOptions): number | null {
  const text = given['time-limit']
  if (text === undefined) return null
  const seconds = Number(text)
  if (Number.isFinite(seconds) && seconds > 0) return seconds * 1000
  throw new GuardhouseError('bad-request', `--time-limit needs a number of seconds above 0, not "${text}"`)
}
