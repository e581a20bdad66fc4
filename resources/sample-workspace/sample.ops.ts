import { setTimeout as sleep } from 'node:timers/promises'
import { context, taskTokenGuard } from 'guardhouse'
import { type PlannedCall, samplePlan, type Wave } from './lib/sample-plan.ts'
import { type Tally, Verdicts } from './lib/verdicts.ts'

export interface SampleSettings {
  /** How much of everything: 1 is a few thousand tokens. From 0.01 to 100. */
  readonly scale?: number
  /** watch: waves come slowly enough to be watched, some 15 seconds. full: everything at once. */
  readonly pace?: 'watch' | 'full'
}

export interface SampleReport extends Tally {
  /** Tokens that the sample submitted itself; chains, the storm and the conductor add children of their own. */
  readonly submitted: number
}

/** A watcher sees tokens come in at this interval, milliseconds. */
const sliceInterval = 50
const pauseBetweenWaves = 250

/** Runs every kind of operation in this workspace and checks every result. */
export const sample = taskTokenGuard({ operationType: 'sample.run' })(
  async (settings: SampleSettings = {}): Promise<SampleReport> => {
    const { scale, watched } = read(settings)
    const { log } = context()
    const verdicts = new Verdicts()
    const judged: Promise<void>[] = []
    const waves = samplePlan(scale)
    for (const [index, wave] of waves.entries()) {
      log.info(`${wave.name}: ${wave.calls.length} ${wave.calls.length === 1 ? 'token' : 'tokens'}`)
      context().progress(index / waves.length, wave.name)
      for await (const slice of slicesOf(wave, watched)) {
        for (const call of slice) judged.push(judge(call, verdicts))
      }
    }
    // No rejections here: how a token ended is for the verdicts.
    await Promise.all(judged)
    return { submitted: judged.length, ...verdicts.tally() }
  },
)

async function judge(call: PlannedCall, verdicts: Verdicts): Promise<void> {
  try {
    const result = await call.submit()
    verdicts.completed(call.name, call.judge(result))
  } catch (error) {
    verdicts.rejected(call.name, error, call.expectsFailure)
  }
}

/** The calls of a wave as they come in. Stops with an error when the sample itself is killed. */
async function* slicesOf(wave: Wave, watched: boolean): AsyncGenerator<readonly PlannedCall[]> {
  const { signal } = context()
  if (!watched) {
    signal.throwIfAborted()
    yield wave.calls
    return
  }
  const size = Math.ceil(wave.calls.length / Math.max(1, wave.spreadOver / sliceInterval))
  for (let at = 0; at < wave.calls.length; at += size) {
    yield wave.calls.slice(at, at + size)
    await sleep(sliceInterval, undefined, { signal })
  }
  await sleep(pauseBetweenWaves, undefined, { signal })
}

function read({ scale = 1, pace = 'watch' }: SampleSettings): { scale: number; watched: boolean } {
  if (typeof scale !== 'number' || !(scale >= 0.01 && scale <= 100)) {
    throw new RangeError(`scale must be a number from 0.01 to 100, not ${String(scale)}`)
  }
  if (pace !== 'watch' && pace !== 'full') {
    throw new RangeError(`pace must be 'watch' or 'full', not ${JSON.stringify(pace)}`)
  }
  return { scale, watched: pace === 'watch' }
}
