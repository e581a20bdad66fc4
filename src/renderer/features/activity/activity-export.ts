import type { AuditEntry } from '../../../shared/contract/commands.ts'

const columns = ['id', 'at', 'actor', 'action', 'target', 'reason', 'outcome'] as const

/** Entries as JSON, times as ISO 8601 in UTC. */
export function entriesAsJson(entries: readonly AuditEntry[]): string {
  return JSON.stringify(entries.map(withIsoTime), null, 2)
}

/** Entries as CSV (RFC 4180) with a heading line, times as ISO 8601 in UTC. */
export function entriesAsCsv(entries: readonly AuditEntry[]): string {
  const lines = entries.map(withIsoTime).map((entry) => columns.map((column) => csvField(String(entry[column]))))
  return [columns.join(','), ...lines.map((fields) => fields.join(','))].join('\r\n')
}

function withIsoTime(entry: AuditEntry) {
  return { ...entry, at: new Date(entry.at).toISOString() }
}

function csvField(text: string): string {
  // A spreadsheet takes a field that begins like this for a formula, and these texts come from anybody.
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
