import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryFolder, writeText } from '../engine/workflow/workspace.fixture.ts'
import { runCommand as runWords } from './command.fixture.ts'
import { diffCommand } from './diff-command.ts'
import { runCommand } from './run-command.ts'
import { fixedRun, shopWords, writeShop } from './workflow.fixture.ts'

const commands = [runCommand, diffCommand]

/** Runs an order and returns the path of its evidence. */
async function order(folder: string, payload: string, ...more: readonly string[]): Promise<string> {
  const runs = join(folder, 'traces', 'shop', 'WF_ORDER_V0')
  const find = (): string[] => {
    try {
      return readdirSync(runs, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ndjson'))
    } catch {
      return []
    }
  }
  const before = find()
  writeText(join(folder, 'payload.json'), payload)
  await runWords(commands, shopWords(folder, '--payload', join(folder, 'payload.json'), ...fixedRun, ...more))
  return join(runs, find().find((path) => !before.includes(path)) ?? 'none')
}

describe('guardhouse diff', () => {
  it('finds two runs of the same alike', async () => {
    using folder = temporaryFolder()
    writeShop(folder.path)
    const paths = [await order(folder.path, '{"v": 5}'), await order(folder.path, '{"v": 5}')]
    expect(paths[1]).toMatch(/\.evidence\.2\.ndjson$/)
    const { code, output } = await runWords(commands, ['diff', ...paths])
    expect([code, output]).toEqual([0, expect.stringMatching(/\nSame\n$/)])
  })

  it('names what was given otherwise, the first difference and where it comes from', async () => {
    using folder = temporaryFolder()
    writeShop(folder.path)
    const paths = [await order(folder.path, '{"v": 5}'), await order(folder.path, '{"v": 5.0}')]
    const { code, output } = await runWords(commands, ['diff', ...paths])
    expect(code).toBe(1)
    expect(output).toContain('Given otherwise: payload.v\n  A: 5\n  B: 5.0\n')
    expect(output).toContain('First difference: entering CC_ID_V0, visit 2, inputs.v\n')
    expect(output).toContain('  A because it stands in payload.v\n')
    expect(output).toContain('Both go the same way\n')
    expect((await runWords(commands, ['diff', ...paths, '--turns'])).code).toBe(0)
  })

  it('says where an evidence that is cut in the middle of a line stops, so that its end is not taken for that of the run', async () => {
    using folder = temporaryFolder()
    writeShop(folder.path)
    const whole = await order(folder.path, '{"v": 5}')
    const cut = join(folder.path, 'cut.evidence.ndjson')
    const lines = readFileSync(whole, 'utf8').split('\n')
    writeText(cut, lines.join('\n').slice(0, -50))
    const { code, errors } = await runWords(commands, ['diff', whole, cut])
    expect([code, errors]).toEqual([1, expect.stringContaining(`Line ${lines.length - 1} of ${cut} is cut off`)])
    writeText(cut, `${lines.slice(0, -2).join('\n')}\n`)
    const short = await runWords(commands, ['diff', cut, whole])
    expect(short.errors).toContain(`No end of the run behind line ${lines.length - 2} of ${cut}`)
    expect((await runWords(commands, ['diff', whole, whole])).errors).toBe('')
  })

  it('names the turn at which two runs part, with both causes', async () => {
    using folder = temporaryFolder()
    writeShop(folder.path)
    const good = await order(folder.path, '{"v": 5}')
    const table = join(folder.path, 'tokenized_snapshot', 'shop', 'dispatch.json')
    writeText(table, readFileSync(table, 'utf8').replace('"O"', '7'))
    const bad = await order(folder.path, '{"v": 5}')
    const { code, output } = await runWords(commands, ['diff', good, bad, '--json'])
    const { same, given, first, turn } = JSON.parse(output)
    expect([code, same, given[0].field]).toEqual([1, false, 'snapshot'])
    expect(first).toMatchObject({ field: 'inputs.prefix', right: { value: '7', cause: 'its tables say 7' } })
    expect(turn).toMatchObject({
      field: 'outcome',
      left: { value: '"SUCCESS"' },
      right: { value: '"VIOLATION"', cause: expect.stringContaining('prefix must be string') },
    })
  })

  it('ends with 2 when it is given wrongly, and with 1 for what is no evidence', async () => {
    using folder = temporaryFolder()
    writeShop(folder.path)
    const path = await order(folder.path, '{}')
    expect((await runWords(commands, ['diff', path])).code).toBe(2)
    writeText(join(folder.path, 'x.evidence.ndjson'), '{"kind"')
    expect(await runWords(commands, ['diff', path, join(folder.path, 'x.evidence.ndjson')])).toMatchObject({
      code: 1,
      errors: expect.stringContaining('does not begin with a run'),
    })
  })
})
