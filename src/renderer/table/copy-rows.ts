import type { Column } from './column.ts'

export const copyFormats = ['JSON', 'CSV', 'Markdown'] as const
export type CopyFormat = (typeof copyFormats)[number]

/** Rows as text. JSON is the rows themselves; CSV and Markdown have the columns given, with their titles as the first line. */
export function rowsAsText<Row>(format: CopyFormat, rows: readonly Row[], columns: readonly Column<Row>[]): string {
  if (format === 'JSON') return JSON.stringify(rows, null, 2)
  const titles = columns.map((column) => column.copyTitle ?? column.title)
  const lines = [titles, ...rows.map((row) => columns.map((column) => column.text(row)))]
  return format === 'CSV' ? csvOf(lines) : markdownOf(lines)
}

/**
 * RFC 4180, with line feeds. A field that a spreadsheet would run as a formula gets an apostrophe before it: token ids and
 * arguments come from programs, and "=HYPERLINK(…)" must stay a text (https://owasp.org/www-community/attacks/CSV_Injection).
 */
function csvOf(lines: readonly (readonly string[])[]): string {
  return lines.map((line) => line.map(csvField).join(',')).join('\n')
}

function csvField(text: string): string {
  const isNumber = text !== '' && Number.isFinite(Number(text))
  const harmless = /^[=+\-@\t\r]/.test(text) && !isNumber ? `'${text}` : text
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}

function markdownOf(lines: readonly (readonly string[])[]): string {
  const [head = [], ...body] = lines.map((line) => line.map(markdownField))
  const rule = head.map(() => '---')
  return [head, rule, ...body].map((line) => `| ${line.join(' | ')} |`).join('\n')
}

function markdownField(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll(/\r?\n/g, '<br>')
}
