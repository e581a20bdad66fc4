import { formatCount } from '../../src/main/cli/figures.ts'
import { formatTable } from '../../src/main/cli/table.ts'
import { measureInChild } from '../child-process.ts'
import { type LoadName, loadNames, loads } from '../dispatch/loads.ts'
import { measureCalmly } from '../reporting/calm.ts'
import { otherLoadText } from '../reporting/other-load-text.ts'
import { writeResult } from '../reporting/results-file.ts'
import type { SuiteReport, SuiteSettings } from '../reporting/suite.ts'
import type { ProfileFigure, ProfileMeasurement } from './measurement.ts'
import { type SelfTime, selfTimes } from './self-times.ts'

const entry = new URL('measurement.ts', import.meta.url)
const shown = 20

interface LoadProfile {
  readonly load: LoadName
  readonly tasksPerSecond: number
  readonly otherLoad: number
  readonly functions: readonly SelfTime[]
  /** For Chromium's developer tools. */
  readonly file: string
}

/** Where the control thread's time goes under each load of the dispatch suite. */
export async function runProfile({ patience, progress }: SuiteSettings): Promise<SuiteReport> {
  const profiles: LoadProfile[] = []
  for (const load of loadNames) {
    progress(`profile: ${loads[load].title}`)
    const input: ProfileMeasurement = { load, warmUpMs: 1000, measuredMs: 3000, samplingMicroseconds: 200 }
    const figure = await measureCalmly(patience, () => measureInChild<ProfileFigure>(entry, input))
    const file = writeResult(`${load}.cpuprofile`, JSON.stringify(figure.profile))
    const { tasksPerSecond, otherLoad } = figure
    profiles.push({ load, tasksPerSecond, otherLoad, functions: selfTimes(figure.profile), file })
  }
  return { text: profiles.map(profileText).join('\n\n'), data: { profiles }, targets: [], faults: [] }
}

function profileText({ load, tasksPerSecond, otherLoad, functions, file }: LoadProfile): string {
  const columns = [{ title: 'self', align: 'right' }, { title: 'function' }, { title: 'where' }] as const
  const rows = functions
    .slice(0, shown)
    .map(({ functionName, place, share }) => [`${(share * 100).toFixed(1)} %`, functionName, place])
  return [
    `PROFILE of the control thread, ${loads[load].title}: ${formatCount(tasksPerSecond)} tasks/s while profiled`,
    '',
    formatTable(columns, rows),
    otherLoadText([otherLoad]),
    `The whole profile, for Chromium's developer tools: ${file}`,
  ].join('\n')
}
