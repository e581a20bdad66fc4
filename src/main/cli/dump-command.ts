import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { defineCommand, hostOptions } from './command.ts'
import { exitCodes } from './exit-code.ts'
import { formatCount } from './figures.ts'
import { connectToHost } from './host-connection.ts'
import { readNumber } from './read-number.ts'

export const dumpCommand = defineCommand({
  name: 'dump',
  parameters: '[file]',
  summary: 'Write the newest finished tokens to a file',
  details: [
    "The file is JSON in the original's format, oldest first. Left out: execution_history_<seconds>.json in this folder.",
  ],
  positionals: { least: 0, most: 1 },
  options: {
    limit: { type: 'string', value: 'N', help: 'At most N tokens; left out: the option recentExecutionsMax' },
    ...hostOptions,
  },
  async run({ options, positionals: [file] }, surroundings) {
    const { terminal } = surroundings
    const limit = readNumber('limit', options.limit, { least: 1, most: 1_000_000 })
    await using connection = await connectToHost(options, surroundings)
    const dump = await connection.client.call('history.dump', limit === undefined ? {} : { limit })
    const path = resolve(file ?? `execution_history_${Math.floor(dump.timestamp)}.json`)
    await writeFile(path, `${JSON.stringify(dump, null, 2)}\n`)
    if (options.json) terminal.printJson({ path, executions: dump.total_executions })
    else terminal.print(path)
    terminal.note(`${formatCount(dump.total_executions)} tokens written`)
    return exitCodes.ok
  },
})
