/** Links from other programs into the window: `guardhouse://token/<id>`, `guardhouse://operation/<name>`. */

export const linkScheme = 'guardhouse'

/** Longest link that is looked at, characters. */
const longest = 2048

const places: Readonly<Record<string, string>> = { token: 'tokens', operation: 'operations' }

/** The window's route that a link means; null for what is no link of ours. A link never does anything but show. */
export function parseDeepLink(link: string): readonly string[] | null {
  if (link.length > longest || !link.startsWith(`${linkScheme}://`)) return null
  const [place = '', ...rest] = link.slice(linkScheme.length + 3).split('/')
  const page = places[place]
  const name = decoded(rest.join('/').replace(/\/$/, ''))
  return page === undefined || name === null || name === '' ? null : [page, name]
}

export function deepLink(place: 'token' | 'operation', name: string): string {
  return `${linkScheme}://${place}/${encodeURIComponent(name)}`
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch (error) {
    if (error instanceof URIError) return null
    throw error
  }
}
