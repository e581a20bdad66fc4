import { requireLoopback } from '../server/loopback-address.ts'
import { openAddress } from './app-window.ts'
import { defineCommand } from './command.ts'
import { hostingOptions, readHosting } from './hosting-options.ts'
import { readNumber } from './read-number.ts'
import { serveUntilStopped } from './serve-until-stopped.ts'
import { ServedHost } from './served-host.ts'
import { StopSignals } from './stop-signals.ts'

export const serveCommand = defineCommand({
  name: 'serve',
  parameters: '[folder]',
  summary: 'Run a scheduler and serve its window on this machine',
  details: [
    'Without a folder it opens the sample workspace. The address it prints holds a secret: whoever has it may do',
    'everything you may. Ctrl-C lets running tokens finish, a second one ends them at once.',
    'Prometheus finds figures at /metrics; GUARDHOUSE_SCRAPE_TOKEN names a token that opens only those.',
  ],
  examples: ['guardhouse serve', 'guardhouse serve ~/operations --port 8080', 'guardhouse serve --read-only --open'],
  positionals: { least: 0, most: 1 },
  options: {
    port: { type: 'string', value: 'PORT', help: 'Left out: 7417, or any free one when that is taken' },
    address: { type: 'string', value: 'ADDRESS', help: '127.0.0.1; nothing else is accepted' },
    ...hostingOptions,
    open: { type: 'boolean', help: 'Open the window in a browser of this machine' },
  },
  async run({ options, positionals: [folder] }, surroundings) {
    // Everything that can be wrong is looked at before anything is started.
    if (options.address !== undefined) requireLoopback(options.address)
    const settings = {
      ...(await readHosting(options, folder)),
      port: readNumber('port', options.port, { least: 0, most: 65_535 }),
      address: options.address,
    }
    using signals = new StopSignals()
    await using host = await ServedHost.start(settings, surroundings)
    host.announce(surroundings.terminal, options.json)
    void host.noteProblems(surroundings.terminal)
    void host.openWorkspace(surroundings.terminal)
    if (options.open) openAddress(host.server.issueOpenUrl(), surroundings)
    return await serveUntilStopped(host, signals, surroundings.terminal)
  },
})
