import { existsSync, readFileSync } from 'node:fs'
import { assertDefined } from '../../shared/assert.ts'
import { type Examination, examineTrace } from '../engine/workflow/examine/examine.ts'
import { TraceParseError } from '../engine/workflow/examine/trace-events.ts'
import { readExportForm, writeExport } from '../engine/workflow/export/export-run.ts'
import { defineCommand } from './command.ts'
import { exitCodes } from './exit-code.ts'

export const examineCommand = defineCommand({
  name: 'examine',
  parameters: '<trace>',
  summary: 'Say what went wrong in a finished workflow run, from its trace',
  details: [
    'Reads traces and evidences of this engine, and traces of pgs_runtime 0.2.0 and 0.3.0. It ends with 1 when the system is at fault or the',
    'trace cannot be read, and with 0 for a clean run and for one that a business rule ended.',
  ],
  positionals: { least: 1, most: 1 },
  options: {
    export: { type: 'string', value: 'FORM', help: 'Write the run as md, svg or png instead of examining it' },
    out: { type: 'string', value: 'FILE', help: 'Where to; left out: beside the trace' },
  },
  async run({ options, positionals }, { terminal }) {
    const path = assertDefined(positionals[0], 'the command line has checked that one is given')
    const form = options.export === undefined ? null : readExportForm(options.export)
    try {
      if (!existsSync(path)) throw new Error(`Trace file not found: ${path}`)
      if (form !== null) {
        const { exportTrace } = await import('./export-trace.ts')
        const target = options.out ?? `${path.replace(/(\.evidence)?\.(jsonl|ndjson)$/, '')}.${form}`
        writeExport(target, await exportTrace(path, form))
        terminal.print(target)
        return exitCodes.ok
      }
      const examination = examineTrace(readFileSync(path, 'utf8'), path)
      if (options.json) terminal.printJson(jsonOf(examination))
      else terminal.print(examination.lines.join('\n'))
      return examination.structural ? exitCodes.failed : exitCodes.ok
    } catch (error) {
      const prefix = error instanceof TraceParseError ? 'Trace parse error: ' : ''
      terminal.note(`[pgs_runtime] Error: ${prefix}${error instanceof Error ? error.message : String(error)}`)
      return exitCodes.failed
    }
  },
})

function jsonOf({ run, artifact, hint, structural }: Examination): unknown {
  return { ...run, artifact, hint, structural }
}
