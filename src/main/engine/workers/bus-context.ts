import type { BusContext, Template, TupleInput, WaitOptions } from '../../../shared/model/bus.ts'
import type { ServiceCall } from './service-calls.ts'

/** `context().bus`, over calls of the service `bus`. */
export function busContext(call: (request: ServiceCall) => Promise<unknown>): BusContext {
  const ask = (method: string, ...values: unknown[]) => call({ service: 'bus', method, values }) as Promise<never>
  const wait = (method: string, template: Template, { timeoutMs = null, signal }: WaitOptions = {}) =>
    call({ service: 'bus', method, values: [template, timeoutMs], waits: timeoutMs !== 0, signal }) as Promise<never>
  return {
    out: (tuple: TupleInput, { timeoutMs, signal }: WaitOptions = {}) =>
      call({ service: 'bus', method: 'out', values: [tuple, timeoutMs], waits: 'soon', signal }) as Promise<never>,
    in: (template, options) => wait('in', template, options),
    rd: (template, options) => wait('rd', template, options),
    inp: (template) => ask('in', template, 0),
    rdp: (template) => ask('rd', template, 0),
    acknowledge: (id) => ask('acknowledge', id),
    giveBack: (id) => ask('giveBack', id),
  }
}
