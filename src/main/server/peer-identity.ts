const longestName = 60
const program = 'program'

export interface PeerIdentity {
  /** A program's submissions are too many for the audit log; a person's are entered there. */
  readonly kind: 'socket' | 'program'
  readonly name: string
}

/**
 * Who connects, from the query parameter `client`: `command line`, `program nightly import`. It names the actor in the audit
 * log, so control characters and the invisible ones that reorder text are taken out, and it is cut to 60 characters.
 */
export function identifyPeer(requestUrl: URL, fromBrowser: boolean): PeerIdentity {
  const asked = (requestUrl.searchParams.get('client') ?? '')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  const name = Array.from(asked).slice(0, longestName).join('') || (fromBrowser ? 'browser' : program)
  const isProgram = name === program || name.startsWith(`${program} `)
  return { kind: isProgram && !fromBrowser ? 'program' : 'socket', name }
}
