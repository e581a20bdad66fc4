import { LiveOptions } from '../../src/main/engine/scheduler/live-options.ts'
import type { HostEvent } from '../../src/shared/contract/system.ts'
import type { CommandAnswers } from './command-answers.ts'
import type { Answers } from './made-up-host.ts'

/** Options that can be changed and change nothing. */
export class OptionAnswers {
  readonly #options = new LiveOptions({})
  readonly #commands: CommandAnswers
  readonly #announce: (event: HostEvent) => void

  constructor(commands: CommandAnswers, announce: (event: HostEvent) => void) {
    this.#commands = commands
    this.#announce = announce
  }

  infos() {
    return this.#options.infos()
  }

  readonly answers: Pick<Answers, 'options.set'> = {
    'options.set': ({ changes, reason }) => {
      const changed = [...this.#options.set(changes)]
      const auditId = this.#commands.record('set options', Object.keys(changes).join(', '), reason, 'done')
      this.#announce({ kind: 'options-changed' })
      return { changed, options: this.infos(), auditId }
    },
  }
}
