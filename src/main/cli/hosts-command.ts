import type { HostAnnouncement } from '../sdk/discovery.ts'
import { defineCommand } from './command.ts'
import { exitCodes } from './exit-code.ts'
import { formatWallTime } from './figures.ts'
import { announcedHosts } from './find-host.ts'
import { printableText } from './printable-text.ts'
import { type Column, formatTable } from './table.ts'

const answerTimeoutMs = 2000

export const hostsCommand = defineCommand({
  name: 'hosts',
  parameters: '',
  summary: 'List the hosts of this user that run here',
  positionals: { least: 0, most: 0 },
  options: {
    secrets: { type: 'boolean', help: 'Show the whole address, which opens the window to whoever reads it' },
  },
  async run({ options }, { terminal, environment }) {
    const hosts = await Promise.all(
      announcedHosts(environment).map(async (host) => ({ host, answers: await answers(host) })),
    )
    const address = ({ url, secret }: HostAnnouncement) => (options.secrets ? `${url}/#secret=${secret}` : url)
    if (options.json) {
      const described = hosts.map(({ host: { secret: _, ...open }, answers }) => ({ ...open, answers }))
      const withSecrets = hosts.map(({ host, answers }) => ({ ...host, openUrl: address(host), answers }))
      terminal.printJson({ hosts: options.secrets ? withSecrets : described })
      return exitCodes.ok
    }
    if (hosts.length === 0) terminal.note('No Guardhouse runs here.')
    else
      terminal.print(
        formatTable(
          columns,
          hosts.map(({ host, answers }) => cells(host, address(host), answers)),
        ),
      )
    return exitCodes.ok
  },
})

const columns: readonly Column[] = [
  { title: 'PID', align: 'right' },
  { title: 'HOST' },
  { title: 'ADDRESS' },
  { title: 'SINCE' },
  { title: 'ANSWERS' },
  { title: 'WORKSPACE' },
]

function cells(host: HostAnnouncement, address: string, isAnswering: boolean): string[] {
  return [
    String(host.pid),
    host.host,
    address,
    formatWallTime(new Date(host.startedAt).getTime()),
    isAnswering ? 'yes' : 'no',
    printableText(host.workspace ?? '-'),
  ]
}

/** A process with the host's number may be another one by now. */
async function answers({ url }: HostAnnouncement): Promise<boolean> {
  try {
    const response = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(answerTimeoutMs) })
    const health: unknown = await response.json()
    return typeof health === 'object' && health !== null && 'name' in health && health.name === 'guardhouse'
  } catch {
    // Nothing there, too slow, or no JSON: whatever it is, it does not answer as a host does.
    return false
  }
}
