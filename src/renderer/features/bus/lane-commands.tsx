import type { BusLane } from '../../../shared/contract/bus.ts'
import { useWriteBlock } from '../../client/write-block.ts'
import { useLocalCommand } from '../../shell/command-registry-context.tsx'
import type { LaneCommandName } from './use-lane-requests.tsx'

export interface LaneCommandsProps {
  readonly lanes: readonly BusLane[]
  /** Lane that is looked at; empty when all are. */
  readonly chosen: string
  readonly onCommand: (lane: BusLane, command: LaneCommandName) => void
}

const commands: readonly { readonly command: LaneCommandName; readonly title: string; readonly keys: string }[] = [
  { command: 'pause', title: 'Pause', keys: 'l p' },
  { command: 'resume', title: 'Resume', keys: 'l c' },
  { command: 'drain', title: 'Drain', keys: 'l d' },
  { command: 'kill', title: 'Kill', keys: 'l k' },
]

/** As many lanes have commands by their names in the palette; of the others the one that is chosen. */
const namedMax = 40

/** Why a command does nothing on a lane; null when it does something. */
export function laneBlock({ work }: Pick<BusLane, 'work'>, command: LaneCommandName): string | null {
  if (command === 'drain') return null
  if (work === null) return 'No operation works this lane.'
  if (command === 'pause' && work.state === 'paused') return 'It is paused already.'
  return command === 'resume' && work.state !== 'paused' ? 'It is not paused.' : null
}

/** What can be done with lanes, in the palette and by keys: the chosen one, and each by its name. */
export function LaneCommands({ lanes, chosen, onCommand }: LaneCommandsProps) {
  const lane = lanes.find((each) => each.lane === chosen)
  const named = lanes.filter((each) => each.lane !== null && each.lane !== chosen && each.work !== null)
  return (
    <>
      {commands.map((entry) => (
        <LaneCommand key={entry.command} entry={entry} lane={lane} onCommand={onCommand} />
      ))}
      {named
        .slice(0, namedMax)
        .flatMap((each) =>
          commands.map(({ keys, ...entry }) => (
            <LaneCommand key={`${entry.command} ${each.lane}`} entry={entry} lane={each} onCommand={onCommand} />
          )),
        )}
    </>
  )
}

interface LaneCommandProps extends Pick<LaneCommandsProps, 'onCommand'> {
  readonly entry: { readonly command: LaneCommandName; readonly title: string; readonly keys?: string }
  readonly lane: BusLane | undefined
}

/** With keys it is for the chosen lane, without for the one that its id names. */
function LaneCommand({ entry: { command, title, keys }, lane, onCommand }: LaneCommandProps) {
  const block = useWriteBlock()
  const name = lane?.lane ?? 'that is chosen'
  useLocalCommand({
    id: keys === undefined ? `bus.lane.${command}.${name}` : `bus.lane.${command}`,
    title: `${title} the lane ${name}${command === 'drain' || command === 'kill' ? '…' : ''}`,
    group: 'Bus',
    ...(keys === undefined ? {} : { keys }),
    run: () => {
      if (lane !== undefined) onCommand(lane, command)
    },
    disabledReason: block ?? (lane === undefined ? 'Choose a lane first.' : laneBlock(lane, command)),
  })
  return null
}
