import type { CommandName, CommandOutcome, CommandPreview, CommandScope } from '../../shared/contract/commands.ts'
import { GuardhouseError } from '../../shared/errors.ts'
import type { Connection } from '../sdk/connection.ts'
import { type Command, defineCommand, hostOptions } from './command.ts'
import { exitCodes } from './exit-code.ts'
import { formatCount } from './figures.ts'
import { connectToHost } from './host-connection.ts'
import { printableText } from './printable-text.ts'
import type { Terminal } from './terminal.ts'

interface CommandWords {
  readonly summary: string
  /** What it did: `killed 12 tokens`. */
  readonly done: string
  /** Ends work, so that somebody must agree to what it will touch. */
  readonly endsWork: boolean
}

const words: Readonly<Record<CommandName, CommandWords>> = {
  pause: { summary: 'Hold waiting tokens back', done: 'paused', endsWork: false },
  resume: { summary: 'Let held tokens go on, in their old order', done: 'resumed', endsWork: false },
  drain: { summary: 'Kill what waits; let what runs finish', done: 'drained', endsWork: true },
  kill: { summary: 'Kill whatever has not ended, running or not', done: 'killed', endsWork: true },
}

const scopeOptions = {
  all: { type: 'boolean', help: 'Everything' },
  operation: { type: 'string', value: 'NAME', help: 'Every token of this operation' },
  reason: { type: 'string', value: 'TEXT', help: 'Kept in the audit log' },
} as const
const confirmationOptions = {
  yes: { type: 'boolean', help: 'Do it without being asked' },
} as const

/** `pause`, `resume`, `drain` and `kill` differ in a word and in whether somebody must agree first. */
export function scopedCommand(name: CommandName): Command {
  const { summary, endsWork } = words[name]
  return defineCommand({
    name,
    parameters: '[id...]',
    summary,
    details: [
      'Acts on --all, on one --operation, or on the given tokens.',
      ...(endsWork
        ? [
            'What it would touch is shown first and then asked for; exactly those tokens are touched, none that came later.',
          ]
        : []),
    ],
    examples: [`guardhouse ${name} --operation image.resize --reason "wrong size"`],
    positionals: { least: 0, most: 100_000 },
    options: { ...scopeOptions, ...(endsWork ? confirmationOptions : {}), ...hostOptions },
    async run({ options, positionals }, surroundings) {
      const { terminal } = surroundings
      const scope = readScope(name, options, positionals)
      await using connection = await connectToHost(options, surroundings)
      const agreed = 'yes' in options && options.yes === true
      const preview = endsWork ? await agree(name, scope, agreed, connection, terminal) : null
      if (preview === 'declined') {
        terminal.note('Nothing was touched.')
        return exitCodes.failed
      }
      const outcome = await connection.client.call(`commands.${name}`, {
        scope,
        reason: options.reason ?? '',
        frozen: preview?.frozen,
      })
      if (options.json) terminal.printJson({ command: name, scope, preview, outcome })
      else terminal.print(describeOutcome(name, outcome))
      return exitCodes.ok
    },
  })
}

function readScope(
  name: CommandName,
  { all, operation }: { readonly all: boolean; readonly operation: string | undefined },
  ids: readonly string[],
): CommandScope {
  const scopes: CommandScope[] = []
  if (all) scopes.push({ kind: 'all' })
  if (operation !== undefined) scopes.push({ kind: 'operation', operation })
  if (ids.length > 0) scopes.push({ kind: 'tokens', ids: [...ids] })
  const [scope, another] = scopes
  if (scope !== undefined && another === undefined) return scope
  const problem = scope === undefined ? `say what to ${name}` : 'say only one of these'
  throw new GuardhouseError('bad-request', `${problem}: --all, --operation NAME, or the ids of tokens`)
}

/** Shows what the command would touch and has somebody agree to it. */
async function agree(
  name: CommandName,
  scope: CommandScope,
  agreed: boolean,
  connection: Connection,
  terminal: Terminal,
): Promise<CommandPreview | 'declined'> {
  if (!agreed && !terminal.interactive) {
    throw new GuardhouseError('bad-request', `"${name}" ends work: add --yes, since nobody can be asked here`)
  }
  const preview = await connection.client.call('commands.preview', { command: name, scope })
  terminal.note(describePreview(name, preview))
  // With nothing to touch there is nothing to agree to; the call still leaves its trace in the audit log.
  if (agreed || touched(preview) === 0) return preview
  return (await terminal.confirm(`${name[0]?.toUpperCase()}${name.slice(1)} them?`)) ? preview : 'declined'
}

function touched({ waiting, admitted, executing }: CommandPreview): number {
  return waiting + admitted + executing
}

function describePreview(name: CommandName, preview: CommandPreview): string {
  const { waiting, admitted, executing, children, operations } = preview
  if (touched(preview) === 0) return `There is nothing to ${name}.`
  const lines = [
    `${name} would touch ${formatCount(touched(preview))} tokens: ` +
      `${formatCount(waiting)} waiting, ${formatCount(admitted)} admitted, ${formatCount(executing)} executing`,
    ...operations.map(({ operation, count }) => `  ${formatCount(count)}  ${printableText(operation)}`),
  ]
  if (children > 0) lines.push(`  ${formatCount(children)} children of theirs are not in it`)
  return lines.join('\n')
}

function describeOutcome(name: CommandName, { affected, alreadyEnded, untouched, auditId }: CommandOutcome): string {
  const parts = [`${words[name].done} ${formatCount(affected)} ${affected === 1 ? 'token' : 'tokens'}`]
  if (alreadyEnded > 0) parts.push(`${formatCount(alreadyEnded)} had ended already`)
  if (untouched > 0) parts.push(`${formatCount(untouched)} left as they were`)
  return `${parts.join(', ')} (audit entry ${auditId})`
}
