const longestName = 60

/**
 * What a client calls itself, from the query parameter `client`; it names the actor in the audit log, so control characters
 * and the invisible ones that reorder text are taken out, and it is cut to 60 characters.
 */
export function peerName(requestUrl: URL, fromBrowser: boolean): string {
  const asked = (requestUrl.searchParams.get('client') ?? '')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  const name = Array.from(asked).slice(0, longestName).join('')
  if (name !== '') return name
  return fromBrowser ? 'browser' : 'program'
}
