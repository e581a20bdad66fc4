import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Column } from './column.ts'
import { rowsAsText } from './copy-rows.ts'

interface Row {
  readonly name: string
  readonly waited: number
}

const columns: readonly Column<Row>[] = [
  { id: 'name', title: 'Name', width: 1, text: (row) => row.name },
  { id: 'waited', title: 'Waited', copyTitle: 'Waited, µs', width: 1, text: (row) => String(row.waited) },
]

function csv(name: string): string | undefined {
  return rowsAsText('CSV', [{ name, waited: 1 }], columns.slice(0, 1))
    .split('\n')
    .slice(1)
    .join('\n')
}

describe('rowsAsText', () => {
  it('copies rows as JSON', () => {
    expect(JSON.parse(rowsAsText('JSON', [{ name: 'a', waited: 1.5 }], columns))).toEqual([{ name: 'a', waited: 1.5 }])
  })

  it('copies the columns as CSV with titles and units', () => {
    expect(rowsAsText('CSV', [{ name: 'a', waited: 1.5 }], columns)).toBe('Name,"Waited, µs"\na,1.5')
  })

  it('quotes what would break a line of CSV', () => {
    expect(csv('report "quarterly, final"')).toBe('"report ""quarterly, final"""')
    expect(csv('two\nlines')).toBe('"two\nlines"')
    expect(csv('تقرير.شهري')).toBe('تقرير.شهري')
  })

  it('keeps spreadsheets from running a text as a formula', () => {
    expect(csv('=HYPERLINK("http://x")')).toBe('"\'=HYPERLINK(""http://x"")"')
    expect(csv('@sum')).toBe("'@sum")
    expect(csv('-1.5')).toBe('-1.5')
    expect(csv('-1+1')).toBe("'-1+1")
  })

  it('loses nothing in CSV', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), (names) => {
        const rows = names.map((name) => ({ name, waited: 0 }))
        const read = readCsv(rowsAsText('CSV', rows, columns.slice(0, 1)))
        expect(read.slice(1)).toEqual(names.map((name) => [/^[=+\-@\t\r]/.test(name) ? protectedName(name) : name]))
      }),
    )
  })

  it('copies a table of Markdown that no text can break', () => {
    expect(rowsAsText('Markdown', [{ name: 'a|b\n<img>', waited: 2 }], columns)).toBe(
      '| Name | Waited, µs |\n| --- | --- |\n| a\\|b<br>&lt;img> | 2 |',
    )
  })
})

function protectedName(name: string): string {
  return Number.isFinite(Number(name)) && name !== '' ? name : `'${name}`
}

/** A reader of RFC 4180, for the other direction. */
function readCsv(text: string): string[][] {
  const records: string[][] = [['']]
  let quoted = false
  for (let at = 0; at < text.length; at++) {
    const record = records.at(-1) ?? []
    const character = text[at] ?? ''
    if (quoted && character === '"' && text[at + 1] === '"') {
      record[record.length - 1] += '"'
      at++
    } else if (character === '"') quoted = !quoted
    else if (!quoted && character === ',') record.push('')
    else if (!quoted && character === '\n') records.push([''])
    else record[record.length - 1] += character
  }
  return records
}
