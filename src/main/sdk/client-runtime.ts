import type { ContractClient } from '../../shared/contract/client.ts'
import { decodeValue, encodeValue } from '../../shared/contract/values.ts'
import { fromErrorData, GuardhouseError } from '../../shared/errors.ts'
import type { OperationRuntime, RuntimeToken, RuntimeTokenStatus, TokenRequest } from '../../shared/model/runtime.ts'

/** A runtime that submits every call to the host at the other end of a connection. */
export class ClientRuntime implements OperationRuntime {
  readonly #client: ContractClient

  constructor(client: ContractClient) {
    this.#client = client
  }

  submit(request: TokenRequest): RuntimeToken {
    return new ClientToken(this.#client, request)
  }

  /** Always null: operations run at the host, not in this program. */
  context(): null {
    return null
  }
}

class ClientToken implements RuntimeToken {
  readonly accepted: Promise<string>
  readonly outcome: Promise<unknown>
  readonly #client: ContractClient

  constructor(client: ContractClient, request: TokenRequest) {
    this.#client = client
    this.accepted = this.#submit(request)
    this.outcome = this.#settle()
    this.outcome.catch(ignoreUnobserved)
  }

  async status(): Promise<RuntimeTokenStatus> {
    const detail = await this.#client.call('tokens.get', { id: await this.accepted })
    return {
      id: detail.id,
      state: detail.state,
      operationType: detail.operation,
      age: (detail.now - detail.createdAt) / 1000,
      waited: detail.waited / 1000,
      ran: detail.ran === null ? null : detail.ran / 1000,
      core: detail.core,
    }
  }

  async kill(reason: string): Promise<boolean> {
    const ids = [await this.accepted]
    const outcome = await this.#client.call('commands.kill', { scope: { kind: 'tokens', ids }, reason })
    return outcome.affected > 0
  }

  async #submit(request: TokenRequest): Promise<string> {
    const { operationType, timeout, queueTimeout } = request
    const submitted = await this.#client.call('tokens.submit', {
      operation: operationType,
      arguments: request.arguments.map((argument, index) => encodeValue(argument, `argument ${index + 1}`)),
      ...(timeout === undefined ? {} : { timeout }),
      ...(queueTimeout === undefined ? {} : { queueTimeout }),
    })
    return submitted.id
  }

  async #settle(): Promise<unknown> {
    const ended = await this.#client.call('tokens.outcome', { id: await this.accepted })
    if (ended.state === 'COMPLETED') return decodeValue(ended.value)
    throw ended.error === undefined
      ? new GuardhouseError('internal', `token ${ended.id} ended as ${ended.state} without a reason`)
      : fromErrorData(ended.error)
  }
}

/** Who never looks at a token's end has chosen not to know; the host still records it. */
function ignoreUnobserved(): void {
  return
}
