import { hash } from 'node:crypto'

/** What the first record is chained to. */
export const chainStart = '0'.repeat(64)

const opening = ',"chain":"'
const suffixLength = opening.length + chainStart.length + '"}'.length

/** The link behind a record: SHA-256 of the link before it and the record's own text, 64 lower-case hex digits. */
export function linkOf(previous: string, record: string): string {
  return hash('sha256', previous + record, 'hex')
}

/** The line of a record: its text, a JSON object, with the link as its last member. */
export function chainedLine(record: string, link: string): string {
  return `${record.slice(0, -1)}${opening}${link}"}`
}

/** A line taken apart again; null when it does not end with a link. */
export function splitLine(line: string): { readonly record: string; readonly link: string } | null {
  const cut = line.length - suffixLength
  if (cut < 0 || !line.startsWith(opening, cut) || !line.endsWith('"}')) return null
  return { record: `${line.slice(0, cut)}}`, link: line.slice(cut + opening.length, -2) }
}
