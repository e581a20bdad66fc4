import { EngineLog } from '../../src/main/engine/log/engine-log.ts'
import type { LineFilter, LogLevel, LogLine } from '../../src/shared/contract/log.ts'
import type { Answers } from './made-up-host.ts'
import type { MadeUpScheduler } from './made-up-scheduler.ts'

type Names = 'log.query' | 'log.channels' | 'log.configure'

const saidEveryMs = 400
const remarks: readonly (readonly [LogLevel, string])[] = [
  ['info', 'read 4,096 rows from page 12'],
  ['debug', 'cache miss for key 7f3a'],
  ['info', 'wrote thumbnail 320x240'],
  ['warn', 'upstream answered after 1.8 s'],
  ['error', 'row 1812 has no price: {"sku":"A-112","price":null}'],
]

/** The real log, with lines that nobody wrote. */
export class LogAnswers implements Disposable {
  readonly #log: EngineLog
  readonly #timer: NodeJS.Timeout
  readonly answers: Pick<Answers, Names>
  #said = 0

  constructor(scheduler: MadeUpScheduler) {
    this.#log = new EngineLog(() => scheduler.now())
    const state = () => ({ enabled: this.#log.enabled, channels: this.#log.modes() })
    this.answers = {
      'log.query': ({ limit, ...filter }) => this.#log.query(filter, limit),
      'log.channels': state,
      'log.configure': ({ enabled, channels }) => {
        this.#log.configure(enabled, channels)
        return state()
      },
    }
    for (let line = 0; line < 300; line++) this.#say(scheduler)
    this.#timer = setInterval(() => this.#say(scheduler), saidEveryMs)
  }

  onLine(listener: (line: LogLine) => void, filter: LineFilter): () => void {
    return this.#log.onLine(listener, filter)
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
  }

  #say(scheduler: MadeUpScheduler): void {
    const { tokens } = scheduler.store
    const token = tokens.length === 0 ? undefined : tokens[this.#said % tokens.length]
    if (token === undefined) return
    const [level, text] = remarks[this.#said % remarks.length] ?? remarks[0] ?? ['info', '']
    this.#said += 1
    const subject = () => ({
      token: token.id,
      operation: token.operation.entry.operation,
      core: (this.#said % scheduler.patterns.length) + 1,
      slot: this.#said % 2,
    })
    if (this.#said % 9 === 0)
      this.#log.write('token', 'warn', () => 'FAILED: connect ECONNREFUSED 127.0.0.1:5432', subject)
    else if (this.#said % 31 === 0) this.#log.write('guard', 'warn', () => 'a call is in quarantine', subject)
    else this.#log.write('operation', level, () => text, subject)
  }
}
