import { stripVTControlCharacters, styleText } from 'node:util'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatTable } from './table.ts'

const red = (text: string) => styleText('red', text, { validateStream: false })

test('columns are as wide as their widest cell, numbers stand to the right, nothing trails', () => {
  const table = formatTable(
    [{ title: 'NAME' }, { title: 'N', align: 'right' }, { title: 'NOTE' }],
    [
      ['a', '1', 'x'],
      ['longer', '1,000', ''],
    ],
  )
  expect(table.split('\n')).toEqual(['NAME        N  NOTE', 'a           1  x', 'longer  1,000'])
})

test('colours take no room, and wide characters take two cells', () => {
  const table = formatTable(
    [{ title: 'A' }, { title: 'B' }],
    [
      [red('red'), '1'],
      ['漢字', '2'],
      ['👩‍👩‍👧', '3'],
      ['é', '4'],
    ],
  )
  const lines = stripVTControlCharacters(table).split('\n')
  expect(lines).toEqual(['A     B', 'red   1', '漢字  2', '👩‍👩‍👧    3', 'é     4'])
})

test('in a narrow terminal only flexible columns give way', () => {
  const columns = [{ title: 'ID', flexible: true }, { title: 'STATE' }, { title: 'OPERATION', flexible: true }]
  const row = ['image.resize/0123456789', 'COMPLETED', 'image.resize']
  expect(formatTable(columns, [row], 40).split('\n')[1]).toBe('image.resize/0…  COMPLETED  image.resize')
  expect(formatTable(columns, [row], 20).split('\n')[1]).toBe('image.r…  COMPLETED  image.r…')
  expect(formatTable(columns, [row]).split('\n')[1]).toBe('image.resize/0123456789  COMPLETED  image.resize')
})

test('no line is wider than the terminal while there is anything left to cut', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', 'Z', ' ', '0'), maxLength: 40 })
  fc.assert(
    fc.property(
      fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 18, max: 90 }),
      (rows, width) => {
        const columns = [
          { title: 'A', flexible: true },
          { title: 'B', flexible: true },
        ]
        for (const line of formatTable(columns, rows, width).split('\n')) expect(line.length).toBeLessThanOrEqual(width)
      },
    ),
  )
})
