import { addAbortListener } from 'node:events'
import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads'
import { type ErrorData, GuardhouseError, toErrorData } from '../../../shared/errors.ts'
import { type ScanData, type ScanMessage, scanMessage } from './scan-message.ts'

export interface ScanLimits {
  /** Longest time a module may take to load, milliseconds. */
  readonly timeLimit: number
  /** Heap that a module may use while it loads, MiB. */
  readonly memoryLimit: number
}

export const defaultScanLimits: ScanLimits = { timeLimit: 10_000, memoryLimit: 256 }

export interface ScanRequest {
  readonly moduleUrl: string
  /** Absolute path of the workspace. */
  readonly root: string
  readonly scanEntry: URL
  readonly sdkEntry: URL
  /** Folder of the code cache, if there is one. */
  readonly codeCache?: string | undefined
  readonly limits: ScanLimits
  /** Ends the scan early; it then answers with `stopped`. */
  readonly signal: AbortSignal
}

/**
 * A heap that reaches V8's own limit quickly can take the whole process with it, so that limit lies above ours, and ours is
 * kept by looking.
 */
const hardLimitFactor = 4
/** Milliseconds between two looks at the heap. */
const heapInterval = 20

/**
 * Loads one module in a thread of its own that is thrown away afterwards, and tells what it declares. Whatever the module
 * does (throws, exits, loops for ever, fills the heap) is an answer, never a rejection. What it prints is dropped: workers
 * load it again, and there it is heard.
 */
export async function scanModule(request: ScanRequest): Promise<ScanMessage> {
  const { port1: port, port2 } = new MessageChannel()
  const data: ScanData = {
    moduleUrl: request.moduleUrl,
    root: request.root,
    sdkEntry: request.sdkEntry.href,
    codeCache: request.codeCache,
    port: port2,
  }
  const worker = new Worker(request.scanEntry, {
    name: 'guardhouse-scan',
    workerData: data,
    transferList: [port2],
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: request.limits.memoryLimit * hardLimitFactor },
  })
  worker.stdout.resume()
  worker.stderr.resume()
  const answer = Promise.withResolvers<ScanMessage>()
  const fail = (error: ErrorData) => answer.resolve({ state: 'failed', error })
  port.once('message', (message) => answer.resolve(parseMessage(message)))
  worker.once('error', (error) => fail(threadError(error, request.limits)))
  // The answer may still lie in the port when the thread is gone.
  worker.once('exit', (code) => answer.resolve(pendingMessage(port) ?? { state: 'failed', error: exitError(code) }))
  const timer = setTimeout(() => fail(tooSlow(request.limits)), request.limits.timeLimit)
  const heapTimer = setInterval(() => void checkHeap(worker, request.limits, fail), heapInterval)
  const stopping = addAbortListener(request.signal, () => fail(stopped()))
  try {
    return await answer.promise
  } finally {
    clearTimeout(timer)
    clearInterval(heapTimer)
    stopping[Symbol.dispose]()
    port.close()
    // Not awaited: a module stuck in a system call would hold its report back.
    void worker.terminate()
  }
}

async function checkHeap(worker: Worker, limits: ScanLimits, fail: (error: ErrorData) => void): Promise<void> {
  const heap = await worker.getHeapStatistics().catch(threadGone)
  if (heap !== null && heap.used_heap_size > limits.memoryLimit * 1024 * 1024) fail(tooMuchMemory(limits))
}

/** A thread that ended has no heap; why it ended is told by its own events. */
function threadGone(): null {
  return null
}

function pendingMessage(port: Parameters<typeof receiveMessageOnPort>[0]): ScanMessage | null {
  const received = receiveMessageOnPort(port)
  return received === undefined ? null : parseMessage(received.message)
}

function parseMessage(message: unknown): ScanMessage {
  const parsed = scanMessage.safeParse(message)
  if (parsed.success) return parsed.data
  return { state: 'failed', error: failure('the module sent something else than its scan', 'Does it use workerData?') }
}

function threadError(error: unknown, limits: ScanLimits): ErrorData {
  const outOfMemory = error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'
  return outOfMemory ? tooMuchMemory(limits) : toErrorData(error, 'module-failed')
}

function tooMuchMemory(limits: ScanLimits): ErrorData {
  const message = `the module used more than ${limits.memoryLimit} MiB while loading`
  return failure(message, 'Load large data inside the operation.')
}

function exitError(code: number): ErrorData {
  return failure(`the module called process.exit(${code}) while loading`, 'Throw an error instead.')
}

function tooSlow(limits: ScanLimits): ErrorData {
  const message = `the module did not finish loading within ${limits.timeLimit / 1000} s`
  return failure(message, 'Look for an endless loop at its top level, and do slow work inside the operation.')
}

function stopped(): ErrorData {
  return toErrorData(new GuardhouseError('stopped', 'the workspace was closed while the module was loading'))
}

function failure(message: string, hint?: string): ErrorData {
  return { kind: 'module-failed', message, ...(hint === undefined ? {} : { hint }) }
}
