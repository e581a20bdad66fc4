import { z } from 'zod'

/** What this file reads of Chromium's trace events (https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU). */
const traceEvent = z.object({
  name: z.string(),
  ph: z.string(),
  pid: z.number(),
  tid: z.number(),
  /** CPU time of the thread in the event, microseconds. */
  tdur: z.number().optional(),
  args: z.record(z.string(), z.unknown()).optional(),
})
const trace = z.object({ traceEvents: z.array(traceEvent) })

/** CPU milliseconds of the longest task on the main thread of any page in the trace. */
export function longestTask(recorded: Buffer): number {
  const { traceEvents } = trace.parse(JSON.parse(recorded.toString()))
  const mainThreads = new Set(
    traceEvents
      .filter((event) => event.name === 'thread_name' && event.args?.name === 'CrRendererMain')
      .map((event) => `${event.pid} ${event.tid}`),
  )
  const tasks = traceEvents.filter(
    (event) => event.ph === 'X' && event.tdur !== undefined && mainThreads.has(`${event.pid} ${event.tid}`),
  )
  return tasks.reduce((longest, event) => Math.max(longest, event.tdur ?? 0), 0) / 1000
}
