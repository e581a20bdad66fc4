import type { TimelineRun } from '../contract/timeline.ts'

/** What a Chrome trace file is about. */
export interface ChromeTraceFacts {
  readonly pid: number
  readonly version: string
  /** Wall clock of the engine's epoch, milliseconds since 1970 UTC. */
  readonly epochWall: number
}

/**
 * Runs as a Chrome trace, which Perfetto and chrome://tracing open: JSON object format, one complete event (`ph: X`) for each run, on a
 * thread for each worker; times in microseconds. Runs that go on are left to end at `now`.
 * Format: "Trace Event Format", Google, 2016.
 */
export function chromeTrace(runs: readonly TimelineRun[], now: number, facts: ChromeTraceFacts): string {
  const threads = new Map<number, string>()
  const events = runs.map((run) => {
    const tid = threadOf(run)
    threads.set(tid, `core ${run.core}, worker ${run.slot}`)
    return {
      name: run.operation,
      cat: 'token',
      ph: 'X',
      ts: run.startedAt,
      dur: (run.endedAt ?? now) - run.startedAt,
      pid: facts.pid,
      tid,
      args: { id: run.id, state: run.state, attempt: run.attempt, waited: run.startedAt - run.createdAt },
    }
  })
  const names = [...threads].map(([tid, name]) => metadata(facts.pid, 'thread_name', { name }, tid))
  const order = [...threads.keys()].map((tid) => metadata(facts.pid, 'thread_sort_index', { sort_index: tid }, tid))
  return JSON.stringify({
    displayTimeUnit: 'ms',
    otherData: { program: `Guardhouse ${facts.version}`, epoch: new Date(facts.epochWall).toISOString() },
    traceEvents: [metadata(facts.pid, 'process_name', { name: 'Guardhouse' }), ...names, ...order, ...events],
  })
}

// Slots of a core are few; thread numbers of the file need only be distinct and in the order of the machine.
const slotsPerCore = 100

function threadOf({ core, slot }: TimelineRun): number {
  return core * slotsPerCore + slot
}

function metadata(pid: number, name: string, args: Readonly<Record<string, string | number>>, tid = 0) {
  return { name, ph: 'M', pid, tid, args }
}
