import { type Columns, decodeFrame, encodeFrame, type FrameLayout, type FrameValue } from './frame.ts'

/**
 * What a live dashboard needs ten times a second, as columns. Counts are totals since start unless they say `now`;
 * times are microseconds since the engine's epoch; shares are 0..1 of the interval since the frame before.
 */
export const telemetryLayout = {
  scalars: [
    'sequence', // number of this frame
    'now', // the engine's clock
    'interval', // microseconds since the frame before
    'gatePaused', // 0 or 1
    'heldNow', // tokens paused one by one or by their operation
    'waitingNow',
    'admittedNow',
    'executingNow',
    'created',
    'completed',
    'failed',
    'killed',
    'timedOut',
    'throughput', // tokens that ended per second, over the last second
    'waitP50', // microseconds over the newest finished tokens; NaN without samples
    'waitP95',
    'waitP99',
    'runP50',
    'runP95',
    'runP99',
    'controlShare', // share of one core used by the control thread
    'keepingShare', // share of one core used by the threads that keep things on the disk, over ten seconds; NaN when unknown
    'restShare', // of the rest of the host process, workers and control thread left out, over ten seconds; NaN when unknown
    'controlDelay', // how late the control thread's timer was, microseconds
    'tokensKept',
    'tokensEvicted',
    'tokensVersion', // as in tokens.query
    'framesMerged', // frames this connection did not get one by one
    'logLinesDropped',
  ],
  tables: {
    cores: {
      core: 'uint16',
      cpu: 'uint16',
      ours: 'float32',
      others: 'float32',
      idle: 'float32',
      pattern: 'uint8', // workers that routing may use
      depth: 'uint32', // tokens in the core's mailboxes
      executed: 'float64',
    },
    workers: {
      core: 'uint16',
      slot: 'uint8',
      state: 'uint8', // index into workerStates
      asked: 'int16', // cpu
      confirmed: 'int16', // cpu read back; -1 unknown, -2 more than one cpu
      lastCpu: 'int16', // -1 unknown
      depth: 'uint32',
      mailboxMax: 'uint32',
      running: 'float64', // sequence of the running token, 0 when idle
      operation: 'uint32', // index of its operation
      since: 'float64', // when the run or the present state began
      executed: 'float64',
      restarts: 'uint32',
      drifts: 'uint32',
      cpuShare: 'float32',
    },
  },
} as const satisfies FrameLayout

export type TelemetryFrame = FrameValue<typeof telemetryLayout>
export type WorkerColumns = Columns<(typeof telemetryLayout)['tables']['workers']>
export type CoreColumns = Columns<(typeof telemetryLayout)['tables']['cores']>

export function encodeTelemetry(frame: TelemetryFrame): ArrayBuffer {
  return encodeFrame(telemetryLayout, frame)
}

/** Throws `bad-request` when the bytes are not such a frame. */
export function decodeTelemetry(bytes: ArrayBuffer): TelemetryFrame {
  return decodeFrame(telemetryLayout, bytes)
}
