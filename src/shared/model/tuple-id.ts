/** Characters up to which the id of a tuple is shown whole. */
const shown = 20

/** An id for people: the begin of a hash; of a name that somebody gave also the end, which tells it from its like. */
export function shortTupleId(id: string): string {
  if (id.startsWith('sha256:')) return `${id.slice(7, 19)}…`
  return id.length > shown ? `${id.slice(0, 7)}…${id.slice(-12)}` : id
}
