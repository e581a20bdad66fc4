/**
 * The closed set of error kinds that cross threads, processes and the wire.
 * A kind tells a program what happened; the message tells a person what is wrong; the hint tells what to do about it.
 */
export const errorKinds = [
  'bad-request', // the caller's input is not of the declared shape
  'not-found', // a token, operation, core or file that is not there
  'not-allowed', // read-only mode, wrong secret, forged origin, untrusted workspace
  'conflict', // the command does not fit the present state
  'overloaded', // a bounded queue is full and its policy is to reject
  'not-cloneable', // an argument or result that cannot cross to another thread
  'too-large', // an argument, message or result beyond its stated limit
  'operation-failed', // the operation's own code threw
  'killed', // a person or a program killed the token
  'timeout', // a deadline passed
  'worker-lost', // the thread died under the token
  'not-kept', // the journal cannot be written, so nothing is accepted that would have to be kept
  'interrupted', // the host ended while the token ran, and it is not known whether its work was done
  'stopped', // the scheduler was stopped before the token could end
  'module-failed', // a workspace module does not load
  'no-coordinator', // an operation was called where no Guardhouse is connected
  'disconnected', // the connection to the host is gone
  'unsupported', // this platform cannot do it
  'internal', // a fault of ours
] as const

export type ErrorKind = (typeof errorKinds)[number]

/** An error as data: what crosses a thread or the wire. */
export interface ErrorData {
  readonly kind: ErrorKind
  readonly message: string
  readonly hint?: string | undefined
  /** Name of the error as the operation's code threw it, such as `RangeError`. */
  readonly name?: string | undefined
  readonly stack?: string | undefined
  readonly cause?: ErrorData | undefined
  /** The operation said that another attempt may succeed and does no harm. */
  readonly retryable?: boolean | undefined
}

/** Every error that Guardhouse raises on purpose. */
export class GuardhouseError extends Error {
  readonly kind: ErrorKind
  readonly hint: string | undefined

  constructor(kind: ErrorKind, message: string, options: { hint?: string | undefined; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'GuardhouseError'
    this.kind = kind
    this.hint = options.hint
  }
}

// A cause chain longer than this is cut: user code can build cyclic ones.
const maxCauseDepth = 8

/** Turns whatever was thrown into data. Anything that is not a GuardhouseError gets `fallbackKind`. Never throws. */
export function toErrorData(thrown: unknown, fallbackKind: ErrorKind = 'internal', depth = 0): ErrorData {
  try {
    return readThrown(thrown, fallbackKind, depth)
  } catch {
    // Reading it threw in turn: a getter or a proxy of the caller's own.
    return { kind: fallbackKind, message: 'threw an error that cannot be read' }
  }
}

function readThrown(thrown: unknown, fallbackKind: ErrorKind, depth: number): ErrorData {
  if (!(thrown instanceof Error)) return { kind: fallbackKind, message: describeThrown(thrown) }
  const kind = thrown instanceof GuardhouseError ? thrown.kind : fallbackKind
  const cause =
    thrown.cause !== undefined && depth < maxCauseDepth ? toErrorData(thrown.cause, fallbackKind, depth + 1) : undefined
  return {
    kind,
    message: String(thrown.message),
    name: thrown.name === 'GuardhouseError' ? undefined : String(thrown.name),
    hint: thrown instanceof GuardhouseError ? thrown.hint : undefined,
    stack: typeof thrown.stack === 'string' ? thrown.stack : undefined,
    cause,
    ...('retryable' in thrown && thrown.retryable === true ? { retryable: true } : {}),
  }
}

/** The other way round: an Error that can be thrown at an awaiter, with the original name, stack and cause. */
export function fromErrorData(data: ErrorData): GuardhouseError {
  const error = new GuardhouseError(data.kind, data.message, {
    hint: data.hint,
    cause: data.cause === undefined ? undefined : fromErrorData(data.cause),
  })
  if (data.name !== undefined) error.name = data.name
  if (data.stack !== undefined) error.stack = data.stack
  return error
}

function describeThrown(thrown: unknown): string {
  try {
    return typeof thrown === 'string' ? thrown : `threw ${JSON.stringify(thrown) ?? String(thrown)}`
  } catch {
    return 'threw a value that cannot be described'
  }
}
