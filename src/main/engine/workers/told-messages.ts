import type { FromWorker } from './worker-protocol.ts'

type ToldMessage = Extract<FromWorker, { type: 'log' | 'log-dropped' | 'progress' }>

/** What a running token tells by port: it belongs to the token's record, and so has to be heard before its completion, which comes by ring. */
export function isTold(message: FromWorker): message is ToldMessage {
  return message.type === 'log' || message.type === 'log-dropped' || message.type === 'progress'
}

/**
 * Numbers told messages in the order of the port, on both of its sides alike: a completion names the newest one of its token, and
 * whoever reads it knows whether that was heard. An int32 that wraps round; 0 names none.
 */
export class ToldCount {
  newest = 0

  next(): number {
    this.newest = (this.newest + 1) | 0
    if (this.newest === 0) this.newest = 1
    return this.newest
  }

  /** Numbers a message of this token; undefined when it has ended already. */
  mark(token: { told: number } | undefined): void {
    const number = this.next()
    if (token !== undefined) token.told = number
  }

  /** Whether the message of this number is still to come. */
  lacks(number: number): boolean {
    return number !== 0 && ((number - this.newest) | 0) > 0
  }
}
