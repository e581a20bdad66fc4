import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../engine/workflow/workspace.fixture.ts'
import { runCommand as runWords } from './command.fixture.ts'
import { replayCommand } from './replay-command.ts'
import { runCommand } from './run-command.ts'
import { fixedRun, shopWords, writeShop } from './workflow.fixture.ts'

const commands = [runCommand, replayCommand]

async function recordOrder(folder: string): Promise<{ trace: string; evidence: string }> {
  writeShop(folder)
  await runWords(commands, shopWords(folder, ...fixedRun))
  const runs = join(folder, 'traces', 'shop', 'WF_ORDER_V0')
  const [traceId = ''] = readdirSync(runs)
  const [trace, evidence] = ['.jsonl', '.evidence.ndjson'].map((ending) => join(runs, traceId, traceId + ending))
  return { trace: trace ?? '', evidence: evidence ?? '' }
}

describe('guardhouse replay', () => {
  it('finds the snapshot above the evidence, and the evidence beside a trace', async () => {
    using folder = temporaryFolder()
    const { trace, evidence } = await recordOrder(folder.path)
    for (const path of [trace, evidence]) {
      const { code, output } = await runWords(commands, ['replay', path])
      expect([code, output]).toEqual([
        0,
        expect.stringMatching(/^Same: shop::WF_ORDER_V0 \u2014 2026\S+ \u2014 10 records\n$/),
      ])
    }
    const { code, output } = await runWords(commands, ['replay', evidence, '--json'])
    expect([code, JSON.parse(output)]).toMatchObject([0, { same: true, difference: null, records: 10 }])
  })

  it('names file, line, place and both values of the first difference', async () => {
    using folder = temporaryFolder()
    const { evidence } = await recordOrder(folder.path)
    writeFileSync(evidence, readFileSync(evidence, 'utf8').replace('"prefix":"O"', '"prefix":"P"'))
    const { code, output } = await runWords(commands, ['replay', evidence])
    expect(code).toBe(1)
    expect(output).toContain(`Line:           5 of ${evidence}\n`)
    expect(output).toContain('Place:          step 1 "s" (shop::CT_ID_V0) of CC_ID_V0, visit 2\n')
    expect(output).toContain('Field:          inputs.prefix\nRecorded:       "P"\nReplayed:       "O"\n')
    const inJson = await runWords(commands, ['replay', evidence, '--json'])
    expect([inJson.code, JSON.parse(inJson.output)]).toMatchObject([
      1,
      { same: false, difference: { line: 5, field: 'inputs.prefix', left: '"P"', right: '"O"' } },
    ])
  })

  it('ends with 2 when it is given wrongly, and with 1 when there is nothing to replay', async () => {
    using folder = temporaryFolder()
    const { trace, evidence } = await recordOrder(folder.path)
    expect((await runWords(commands, ['replay'])).code).toBe(2)
    expect((await runWords(commands, ['replay', evidence, '--nothing'])).code).toBe(2)
    expect(await runWords(commands, ['replay', join(folder.path, 'none')])).toMatchObject({
      code: 1,
      errors: expect.stringContaining('There is no file'),
    })
    writeFileSync(evidence, readFileSync(evidence, 'utf8').slice(0, -9))
    expect(await runWords(commands, ['replay', evidence])).toMatchObject({
      code: 1,
      errors: expect.stringContaining(`Line 10 of ${evidence} is cut off`),
    })
    rmSync(evidence)
    expect((await runWords(commands, ['replay', trace])).errors).toContain('no evidence lies beside it')
  })
})
