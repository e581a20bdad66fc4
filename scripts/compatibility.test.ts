import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

/** docs/compatibility.md promises an answer to every fault of the originals, and a test that shows each. */

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const document = readFileSync(join(root, 'docs/compatibility.md'), 'utf8')
/** Folders that the paths of the page may start in. */
const bases = ['', 'src', 'src/main', 'src/main/engine', 'src/main/engine/workflow']
const scripts = Object.keys(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts as object)

interface Row {
  readonly system: string
  readonly fault: string
  readonly cells: readonly string[]
}

/** Rows of tables that begin with the number of a fault: `W5`, `W21, W22`, or `5` in the part about workflows. */
function faultRows(): Row[] {
  let system = 'TokenGuard'
  const rows: Row[] = []
  for (const line of document.split('\n')) {
    const heading = /^## (Workflows|Tuple space)/.exec(line)
    if (heading?.[1] !== undefined) system = heading[1]
    const fault = /^\| ((?:W\d+(?:, )?)+|\d+)(?= )/.exec(line)
    if (fault?.[1] === undefined) continue
    // A bar inside of code is no border of a cell, and no row has one.
    rows.push({ system, fault: fault[1], cells: line.split('|').slice(1, -1) })
  }
  return rows
}

function numbersOf(system: string): Set<number> {
  const rows = faultRows().filter((row) => row.system === system)
  return new Set(rows.flatMap((row) => (row.fault.match(/\d+/g) ?? []).map(Number)))
}

/** What the last cell of a row names: test files and folders of them, and commands. */
const proofsOf = (row: Row) => [...(row.cells.at(-1) ?? '').matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '')

function exists(proof: string): boolean {
  const command = /^npm run (\S+)$/.exec(proof)?.[1]
  if (command !== undefined) return scripts.includes(command)
  return bases.some((base) => {
    const path = join(root, base, proof)
    return proof.includes('*') ? globSync(path).length > 0 : existsSync(path)
  })
}

describe('docs/compatibility.md', () => {
  it.each([
    ['TokenGuard', 50],
    ['Workflows', 22],
    ['Tuple space', 42],
  ])('answers every fault of %s, 1 to %i', (system, last) => {
    const numbers = numbersOf(system)
    expect(Array.from({ length: last }, (_, index) => index + 1).filter((number) => !numbers.has(number))).toEqual([])
    expect([...numbers].filter((number) => number < 1 || number > last)).toEqual([])
  })

  it('names for every answer something that shows it, and nothing that there is not', () => {
    const rows = faultRows()
    const missing = rows.flatMap((row) => {
      const named = proofsOf(row)
      const wrong = named.filter((proof) => !exists(proof))
      return wrong.length === 0 && named.length > 0
        ? []
        : [`${row.system} ${row.fault}: ${wrong.join(', ') || 'nothing named'}`]
    })
    expect(missing).toEqual([])
  })
})
