import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { assertDefined } from '../../../src/shared/assert.ts'
import { DevtoolsConnection } from './devtools-connection.ts'
import { findChromium } from './executable.ts'
import type { Profile } from './profile.ts'

// Chromium runs under this little shell, in a session of its own, so that the profile goes however the main process
// ends: killed with its whole process group, it can clean up nothing, but Chromium sees its pipe close and ends too.
// Chromium's children may write for a moment longer than it lives, hence the repetition.
const keeperScript = `
profile=$1; shift
"$@" &
chromium=$!
trap 'kill -KILL "$chromium"' TERM
wait "$chromium"; status=$?
if [ -n "$profile" ]; then
  tries=0
  while ! rm -rf -- "$profile" 2>/dev/null && [ "$tries" -lt 100 ]; do tries=$((tries + 1)); sleep 0.05; done
fi
exit "$status"
`

// How long Chromium may take to close; then it is killed.
const closingMs = 5_000

/** A running Chromium, under the debugging protocol. It ends when this process does. */
export class ChromiumProcess {
  readonly connection: DevtoolsConnection
  /** Resolves when Chromium has ended and a temporary profile is gone. */
  readonly exited: Promise<void>
  readonly #keeper: ChildProcess

  constructor(switches: readonly string[], profile: Profile) {
    this.#keeper = spawn(
      '/bin/sh',
      [
        '-c',
        keeperScript,
        'chromium-keeper',
        profile.temporary ? profile.directory : '',
        findChromium(),
        ...switches,
        `--user-data-dir=${profile.directory}`,
        '--remote-debugging-pipe',
      ],
      { detached: true, stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'] },
    )
    const [, , , commands, events] = this.#keeper.stdio
    this.connection = new DevtoolsConnection(commands as Writable, events as Readable)
    this.exited = once(this.#keeper, 'exit').then(() => undefined)
    this.#passOnMessages()
  }

  /** Closes Chromium as a person would, so that it writes its storage to disk. */
  async close(): Promise<void> {
    const deadline = setTimeout(() => this.#keeper.kill('SIGTERM'), closingMs)
    this.connection.browser.tell('Browser.close')
    await this.exited
    clearTimeout(deadline)
  }

  #passOnMessages(): void {
    const stderr = assertDefined(this.#keeper.stderr, 'Chromium is started with a pipe as its standard error')
    const lines = createInterface({ input: stderr })
    lines.on('line', (line) => {
      // Playwright waits for this line to find its own way to Chromium.
      if (line.startsWith('DevTools listening on ')) process.stderr.write(`${line}\n`)
      else if (process.env.ELECTRON_STAND_IN_LOG && line !== '') process.stderr.write(`[chromium] ${line}\n`)
    })
  }
}
