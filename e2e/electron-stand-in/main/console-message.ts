import type { Protocol } from '../chromium/protocol.ts'

/** What a page wrote to its console, as Electron's `console-message` tells it. */
export interface ConsoleMessage {
  readonly level: 'debug' | 'info' | 'warning' | 'error'
  readonly message: string
  readonly lineNumber: number
  readonly sourceId: string
}

const levels: Readonly<Partial<Record<string, ConsoleMessage['level']>>> = {
  debug: 'debug',
  warning: 'warning',
  error: 'error',
  assert: 'error',
}

export function consoleMessage({ type, args, stackTrace }: Protocol.Runtime.consoleAPICalledPayload): ConsoleMessage {
  const [top] = stackTrace?.callFrames ?? []
  return {
    level: levels[type] ?? 'info',
    message: args.map((arg) => String(arg.value ?? arg.unserializableValue ?? arg.description ?? arg.type)).join(' '),
    lineNumber: (top?.lineNumber ?? -1) + 1,
    sourceId: top?.url ?? '',
  }
}
