import type { TokenFilter, TokenSort } from '../../../shared/contract/tokens.ts'
import { tokenSortKeys } from '../../../shared/contract/tokens.ts'
import { tokenStates } from '../../../shared/model/token.ts'

/** Where the page of tokens is: everything that a link to it can say. */
export interface TokensPlace {
  /** Id of the open token. */
  readonly id: string | null
  /** True when the open token takes the whole page. */
  readonly full: boolean
  readonly filter: TokenFilter
  readonly sort: TokenSort
}

export const newestFirst: TokenSort = { by: 'sequence', direction: 'descending' }

export const everyToken: TokensPlace = { id: null, full: false, filter: {}, sort: newestFirst }

/**
 * Reads the parts of the route after `tokens`. A filter is a part of its own, a name and values: `states~FAILED~KILLED`.
 * The part that is none of them is the id, so that `#/tokens/<id>` is a link. What cannot be read is left out: a link
 * from another version must still lead somewhere.
 */
export function parsePlace(path: readonly string[]): TokensPlace {
  let place = everyToken
  for (const part of path) {
    const [name = '', ...values] = part.split('~').map(unescapeValue)
    const known = values.length > 0 && Object.hasOwn(readers, name)
    const read = known ? readers[name] : undefined
    place = read?.(place, values) ?? { ...place, id: part }
  }
  return place
}

type Reader = (place: TokensPlace, values: readonly string[]) => TokensPlace | null

const readers: Readonly<Record<string, Reader>> = {
  states: (place, values) => {
    const states = tokenStates.filter((state) => values.includes(state))
    return states.length === 0 ? null : withFilter(place, { states })
  },
  operations: (place, values) => withFilter(place, { operations: [...values] }),
  cores: (place, values) => {
    const cores = values.map(Number).filter((core) => Number.isInteger(core) && core > 0)
    return cores.length === 0 ? null : withFilter(place, { cores })
  },
  parent: (place, [parent]) => (parent === undefined ? null : withFilter(place, { parent })),
  text: (place, [text]) => (text === undefined || text === '' ? null : withFilter(place, { text })),
  sort: (place, [by, direction]) => {
    const key = tokenSortKeys.find((candidate) => candidate === by)
    if (key === undefined || (direction !== 'ascending' && direction !== 'descending')) return null
    return { ...place, sort: { by: key, direction } }
  },
  view: (place, [view]) => (view === 'full' ? { ...place, full: true } : null),
}

/** The whole route, with `tokens` as its first part. */
export function formatPlace({ id, full, filter, sort }: TokensPlace): readonly string[] {
  const sorted = sort.by !== newestFirst.by || sort.direction !== newestFirst.direction
  return [
    'tokens',
    ...part('states', filter.states),
    ...part('operations', filter.operations),
    ...part('cores', filter.cores?.map(String)),
    ...part('parent', filter.parent === undefined ? [] : [filter.parent]),
    ...part('text', filter.text === undefined ? [] : [filter.text]),
    ...part('sort', sorted ? [sort.by, sort.direction] : []),
    ...(id === null ? [] : [id]),
    ...part('view', id !== null && full ? ['full'] : []),
  ]
}

/** The filter with a change; what is empty is left out, so that "every state" and "no state asked" are one and the same. */
export function changeFilter(filter: TokenFilter, change: Partial<TokenFilter>): TokenFilter {
  const entries = Object.entries({ ...filter, ...change })
  const empty = (value: unknown) => value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
  return Object.fromEntries(entries.filter(([, value]) => !empty(value)))
}

export function isUnfiltered(filter: TokenFilter): boolean {
  return Object.keys(filter).length === 0
}

function withFilter(place: TokensPlace, change: TokenFilter): TokensPlace {
  return { ...place, filter: { ...place.filter, ...change } }
}

function part(name: string, values: readonly string[] | undefined): readonly string[] {
  return values === undefined || values.length === 0 ? [] : [[name, ...values.map(escapeValue)].join('~')]
}

// The route encodes everything else; the tilde alone it leaves as it is.
function escapeValue(value: string): string {
  return value.replaceAll('!', '!0').replaceAll('~', '!1')
}

function unescapeValue(value: string): string {
  return value.replaceAll('!1', '~').replaceAll('!0', '!')
}
