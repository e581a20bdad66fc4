import type { ReceiptContext } from '../../../shared/model/receipt-context.ts'
import type { ServiceCall } from './service-calls.ts'

/** `context().receipts`, over calls of the service `receipts`. */
export function receiptContext(call: (request: ServiceCall) => Promise<unknown>): ReceiptContext {
  const ask = (method: string, ...values: unknown[]) => call({ service: 'receipts', method, values }) as Promise<never>
  return {
    put: (receipt) => ask('put', receipt),
    get: (id) => ask('get', id),
    find: (yool, limit = 100) => ask('find', yool, limit),
    artifact: (id, sha256) => ask('artifact', id, sha256),
    verify: (id) => ask('verify', id),
  }
}
