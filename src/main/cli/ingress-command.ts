import { statSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import { GuardhouseError } from '../../shared/errors.ts'
import { defineCommand } from './command.ts'
import { exitCodes } from './exit-code.ts'
import { readNumber } from './read-number.ts'
import { StopSignals } from './stop-signals.ts'

export const ingressCommand = defineCommand({
  name: 'ingress',
  parameters: '--workspace PATH --data-root PATH',
  summary: 'Run workflows for HTTP requests of this machine: POST /api/run',
  details: ['Only this machine is answered, and no page from elsewhere. Ctrl-C ends it.'],
  examples: ['guardhouse ingress --workspace /srv/shop --data-root /var/shop --domain docs=/srv/shop/docs'],
  positionals: { least: 0, most: 0 },
  options: {
    workspace: { type: 'string', value: 'PATH', help: 'Folder of the snapshots, absolute' },
    'data-root': { type: 'string', value: 'PATH', help: 'Folder of all stores, absolute' },
    port: { type: 'string', value: 'PORT', help: 'Left out: 8000; 0: any free one' },
    domain: { type: 'string', multiple: true, value: 'LABEL=PATH', help: 'Serve the files of a folder below /LABEL/' },
    'time-limit': { type: 'string', value: 'SECONDS', help: 'Stop a run after this time' },
    'failure-status': { type: 'boolean', help: 'Answer 422 where a workflow does not succeed, instead of 200' },
  },
  async run({ options }, { terminal, environment }) {
    const limit = readNumber('time-limit', options['time-limit'], { least: 0.001, most: 86_400 })
    const settings = {
      workspace: requiredAbsolute('--workspace', options.workspace),
      dataRoot: requiredAbsolute('--data-root', options['data-root']),
      port: readNumber('port', options.port, { least: 0, most: 65_535 }) ?? 8000,
      folders: new Map(options.domain.map(readFolder)),
      failureStatus: options['failure-status'],
      ...(limit === undefined ? {} : { timeLimitMilliseconds: limit * 1000 }),
    }
    const { startIngress } = await import('../server/workflow-ingress.ts')
    const { systemClock, systemEntropy } = await import('../engine/workflow/run/clocks.ts')
    const { defaultIndexFolder } = await import('../engine/workflow/stores/store-index.ts')
    const ports = { clock: systemClock, entropy: systemEntropy, indexFolder: defaultIndexFolder(environment) }
    using signals = new StopSignals()
    await using ingress = await startIngress({ ...settings, ...ports })
    if (options.json) terminal.printJson({ url: ingress.url })
    else terminal.print(`Workflows are run at ${ingress.url}/api/run`)
    await signals.asked
    return exitCodes.ok
  },
})

function requiredAbsolute(flag: string, path: string | undefined): string {
  if (!path) throw new GuardhouseError('operation-failed', `${flag} is required`)
  if (isAbsolute(path)) return path
  throw new GuardhouseError('operation-failed', `${flag} must be an absolute path, got: ${path}`)
}

function readFolder(text: string): [label: string, folder: string] {
  const cut = text.indexOf('=')
  const [label, folder] = [text.slice(0, cut), text.slice(cut + 1)]
  if (cut < 1) throw new GuardhouseError('bad-request', `--domain needs LABEL=PATH, not "${text}"`)
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [label, folder]
  throw new GuardhouseError('operation-failed', `--domain ${label} names no folder: ${folder}`)
}
