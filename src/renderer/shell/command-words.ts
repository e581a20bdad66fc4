import type { CommandName, CommandOutcome, CommandPreview, CommandScope } from '../../shared/contract/commands.ts'
import { formatCount, formatPlural } from '../ui/format.ts'

/** How the scheduler's commands are spoken of, in one place. */

export const commandTitles: Readonly<Record<CommandName, string>> = {
  pause: 'Pause',
  resume: 'Resume',
  drain: 'Drain',
  kill: 'Kill',
}

export const oppositeCommands: Readonly<Partial<Record<CommandName, CommandName>>> = {
  pause: 'resume',
  resume: 'pause',
}

/** What a command acts on, as part of a sentence. */
export function describeScope(scope: CommandScope): string {
  switch (scope.kind) {
    case 'all':
      return 'everything'
    case 'operation':
      return `operation ${scope.operation}`
    case 'tokens':
      return scope.ids.length === 1 ? `token ${scope.ids[0]}` : formatPlural(scope.ids.length, 'token')
  }
}

/** What happens to a token of the set in each of the live states. */
export interface CommandEffect {
  readonly waiting: string
  readonly admitted: string
  readonly executing: string
}

export const commandEffects: Readonly<Record<'drain' | 'kill', CommandEffect>> = {
  drain: { waiting: 'will be killed', admitted: 'will run', executing: 'will finish' },
  kill: { waiting: 'will be killed', admitted: 'will be killed', executing: 'will be stopped' },
}

/** How many tokens the command ends. */
export function endedBy(command: 'drain' | 'kill', preview: CommandPreview): number {
  return command === 'drain' ? preview.waiting : preview.waiting + preview.admitted + preview.executing
}

/** One sentence on the children that the command leaves alone; null when there are none. */
export function describeChildren(children: number): string | null {
  if (children === 0) return null
  return `${formatPlural(children, 'child', 'children')} of these tokens ${children === 1 ? 'is' : 'are'} not in the set and will go on.`
}

/** What a command has done: a title and what else there is to say. */
export function describeOutcome(
  command: CommandName,
  scope: CommandScope,
  outcome: CommandOutcome,
): { readonly title: string; readonly text: string | undefined } {
  // The gate is shut or opened as a whole: how many tokens stood before it is of no interest.
  if (scope.kind === 'all' && (command === 'pause' || command === 'resume')) {
    return { title: outcomeTitle(command, scope, outcome.affected), text: undefined }
  }
  const rest = [
    outcome.alreadyEnded > 0 ? `${formatCount(outcome.alreadyEnded)} had already ended.` : '',
    outcome.untouched > 0 ? `${formatCount(outcome.untouched)} left as they were.` : '',
  ].filter((sentence) => sentence !== '')
  return { title: outcomeTitle(command, scope, outcome.affected), text: rest.length === 0 ? undefined : rest.join(' ') }
}

function outcomeTitle(command: CommandName, scope: CommandScope, affected: number): string {
  if (command === 'drain') return `Draining ${describeScope(scope)}: killed ${formatPlural(affected, 'waiting token')}`
  if (command === 'kill') return `Killed ${formatPlural(affected, 'token')}`
  const done = command === 'pause' ? 'paused' : 'resumed'
  if (scope.kind === 'all') return `Admission ${done}`
  if (scope.kind === 'operation') return `Operation ${scope.operation} ${done}`
  return `${command === 'pause' ? 'Paused' : 'Resumed'} ${formatPlural(affected, 'token')}`
}
