import { GuardhouseError } from '../../shared/errors.ts'
import { type HostAnnouncement, runningHosts } from '../sdk/discovery.ts'
import { hostsDirectory, stateDirectory } from '../sdk/state-directory.ts'
import type { Surroundings } from './command.ts'

export interface HostAddress {
  readonly url: string
  readonly secret: string
}

/** Hosts of this user that run now, newest first. */
export function announcedHosts(environment: Surroundings['environment']): readonly HostAnnouncement[] {
  return runningHosts(hostsDirectory(stateDirectory({ environment })))
}

/**
 * The host that a command means: `--url` and `--secret`, or the address that a host printed (which holds the secret), or the
 * one host that runs here. With several it must be said which: a kill must not reach another scheduler by chance.
 * Throws `bad-request` when it is not clear, `not-found` when none runs.
 */
export function findHost(
  options: { readonly url: string | undefined; readonly secret: string | undefined },
  hosts: readonly HostAnnouncement[],
): HostAddress {
  if (options.url !== undefined) return hostAt(options.url, options.secret, hosts)
  if (options.secret !== undefined)
    throw new GuardhouseError('bad-request', '--secret needs --url: whose secret is it?')
  const [only, another] = hosts
  if (only === undefined) {
    throw new GuardhouseError('not-found', 'no Guardhouse runs here', { hint: 'Start one: guardhouse serve' })
  }
  if (another !== undefined) {
    const urls = hosts.map(({ url }) => url).join(', ')
    throw new GuardhouseError('bad-request', `${hosts.length} hosts run here: say which one with --url (${urls})`)
  }
  return only
}

function hostAt(address: string, secret: string | undefined, hosts: readonly HostAnnouncement[]): HostAddress {
  const parsed = URL.parse(address)
  if (parsed === null || parsed.protocol !== 'http:') {
    throw new GuardhouseError('bad-request', `--url must look like http://127.0.0.1:7417, not "${address}"`)
  }
  const url = parsed.origin.replace('//localhost', '//127.0.0.1')
  const known =
    secret ?? new URLSearchParams(parsed.hash.slice(1)).get('secret') ?? hosts.find((host) => host.url === url)?.secret
  if (known !== undefined) return { url, secret: known }
  throw new GuardhouseError('bad-request', `the host at ${url} is not one of this user: give its --secret too`)
}
