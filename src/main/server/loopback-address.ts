import { GuardhouseError } from '../../shared/errors.ts'

/** The only address a host listens on. The secret travels unencrypted, so it must never leave the machine. */
export const loopbackAddress = '127.0.0.1'

/** Throws `bad-request` unless `address` means this machine and nothing else. */
export function requireLoopback(address: string): void {
  if (address === loopbackAddress || address === 'localhost') return
  throw new GuardhouseError('bad-request', `Guardhouse listens on ${loopbackAddress} only, not on "${address}"`, {
    hint: 'To reach it from another machine, forward the port: ssh -L 7417:127.0.0.1:7417 this-machine',
  })
}
