import { statfsSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { assertDefined } from '../../../shared/assert.ts'
import { GuardhouseError, toErrorData } from '../../../shared/errors.ts'
import { bytesBelow } from '../throttle/disk-quota.ts'
import { collectStore, inventoryOf } from './collect-store.ts'
import { instantText } from './instant.ts'
import { putReceipts } from './put-receipts.ts'
import { artifactsOf } from './receipt.ts'
import { ReceiptStore } from './receipt-store.ts'
import { Settling } from './settling.ts'
import type { FromStore, StoreRequestName, StoreRequests, StoreThreadData, ToStore } from './store-messages.ts'
import { callHash, resultOf } from './token-receipt.ts'
import { receiptGraph, verifyChain } from './verify-chain.ts'

/** Entry of the thread that owns the disk side of receipts: answers requests in order, and syncs files while it has nothing else to do. */

type Ask<Name extends StoreRequestName> = Extract<ToStore, { type: 'ask'; name: Name }>
type Output<Name extends StoreRequestName> = StoreRequests[Name]['output'] | Promise<StoreRequests[Name]['output']>
type Desk = {
  readonly [Name in StoreRequestName]: (input: StoreRequests[Name]['input'], request: number) => Output<Name>
}

const control = assertDefined(parentPort, 'this file is the entry of a thread')
const { catalog } = workerData as StoreThreadData

function say(message: FromStore): void {
  control.postMessage(message)
}

try {
  serve(new ReceiptStore(catalog))
} catch (error) {
  say({ type: 'failed', error: toErrorData(error) })
}

function serve(store: ReceiptStore): void {
  const desk = makeDesk(store)
  const cancels = new Map<number, AbortController>()
  const settling = new Settling(store, (text) => say({ type: 'notice', text }))
  let puts: Ask<'put'>[] = []

  /** Everything that has arrived by now shares one sync. */
  const flush = (): void => {
    const asks = puts
    puts = []
    if (asks.length === 0) return
    try {
      const answers = putReceipts(
        store,
        asks.flatMap((ask) => ask.input),
      )
      let at = 0
      for (const { request, input } of asks) {
        say({ type: 'answer', request, output: answers.slice(at, at + input.length) })
        at += input.length
      }
    } catch (error) {
      for (const { request } of asks) say({ type: 'refused', request, error: toErrorData(error) })
    }
    settling.soon()
  }

  const answer = async <Name extends StoreRequestName>({ request, name, input }: Ask<Name>): Promise<void> => {
    try {
      const output = await (desk[name] as (input: unknown, request: number) => unknown)(input, request)
      say({ type: 'answer', request, output })
    } catch (error) {
      say({ type: 'refused', request, error: toErrorData(error) })
    } finally {
      cancels.delete(request)
    }
  }

  control.on('message', (message: ToStore) => {
    if (message.type === 'close') {
      flush()
      void settling.finish().then(() => {
        store[Symbol.dispose]()
        say({ type: 'closed' })
        control.close()
      })
    } else if (message.type === 'cancel') {
      cancels.get(message.request)?.abort(new GuardhouseError('conflict', 'the collection was cancelled'))
    } else if (message.name === 'put') {
      if (puts.length === 0) void setImmediate().then(flush)
      puts.push(message as Ask<'put'>)
    } else {
      // Whoever asks after a put must find it.
      flush()
      void answer(message)
    }
  })

  say({ type: 'opened', receipts: store.count })
  settling.soon()

  function makeDesk(store: ReceiptStore): Desk {
    return {
      put: () => [],
      answer: (facts) => {
        const inputHash = callHash(facts)
        const receipt = store.goodOf(inputHash)
        const result = receipt === null ? null : resultOf(receipt, store.bodies)
        return {
          inputHash,
          hit: receipt === null || result === null ? null : { receipt: receipt.id, value: result.value },
        }
      },
      query: ({ filter, offset, limit }) => store.query(filter, offset, limit),
      detail: (id) => store.detail(id),
      graph: ({ id, limit }) => receiptGraph(store, id, limit),
      verify: (id) => verifyChain(store, id),
      ofToken: (token) => store.ofToken(token),
      body: ({ id, sha256 }) => {
        const artifact = artifactsOf(store.get(id).fields).find((each) => each.sha256 === sha256)
        if (artifact === undefined) throw new GuardhouseError('not-found', `receipt ${id} names no artifact ${sha256}`)
        return { content: store.bodies.read(artifact), mime: artifact.mime, path: artifact.path }
      },
      pin: ({ ids, pinned, actor, reason }) => {
        const changed = ids.filter((id) => store.get(id) !== null && store.pins.has(id) !== pinned)
        const pin = pinned ? { at: instantText(Date.now() * 1000), actor, reason } : null
        for (const id of changed) store.pins.set(id, pin)
        return changed.length
      },
      pinnedTokens: () => store.pinnedTokens(),
      inventory: ({ nowMs, keepsLogs }) => inventoryOf(store, nowMs, keepsLogs),
      collect: (input, request) => {
        const controller = new AbortController()
        cancels.set(request, controller)
        return collectStore(store, {
          ...input,
          signal: controller.signal,
          progress: (progress) => say({ type: 'progress', request, progress }),
        })
      },
      freeBytes: () => {
        const { bavail, bsize } = statfsSync(store.catalog)
        return bavail * bsize
      },
      bytesBelow,
    }
  }
}
