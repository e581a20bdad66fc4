import type { IncomingMessage, ServerResponse } from 'node:http'
import { MessageChannel } from 'node:worker_threads'
import { AttemptLimiter } from '../../src/main/server/attempt-limiter.ts'
import { answerUpload } from '../../src/main/server/trace-uploads.ts'
import type { ProcedureName } from '../../src/shared/contract/index.ts'
import { toErrorData } from '../../src/shared/errors.ts'
import type { MadeUpHost } from './made-up-host.ts'

interface Call {
  readonly id: number
  readonly method: ProcedureName
  readonly params: unknown
}

/** Takes trace files that are sent whole, by the code of the real server. */
export function madeUpUploads(host: MadeUpHost): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const limiter = new AttemptLimiter(20, 10_000, () => performance.now())
  const control = { connect: () => portOf(host) }
  return (request, response) =>
    answerUpload(request, response, { control, limiter, secret: 'made-up', readOnly: false })
}

function portOf(host: MadeUpHost) {
  const { port1, port2 } = new MessageChannel()
  port1.on('message', async ({ id, method, params }: Call) => {
    try {
      const result = await (host.answers[method] as (input: unknown) => unknown)(params)
      port1.postMessage({ jsonrpc: '2.0', id, result })
    } catch (error) {
      const data = toErrorData(error)
      port1.postMessage({ jsonrpc: '2.0', id, error: { code: 1, message: data.message, data } })
    }
  })
  return port2
}
