import { canonicalHash } from '../../json/canonical-hash.ts'
import type { JsonValue } from '../../json/value.ts'

/** The code of a workflow: what stands behind the last `::` of its full name. */
export function workflowCode(name: string): string {
  return name.slice(name.lastIndexOf('::') + 2)
}

/** Whether a name can be that of one file or folder: domains and codes are, so a path in one would lead out of its folder. */
export function isFileName(name: string): boolean {
  return !/[/\\\0]/.test(name) && name !== '.' && name !== '..'
}

/** `YYYYMMDDTHHMMSSmmmZ__<code>__<HHHH>`: the time, cut to milliseconds, and 16 bits of what is run on what. */
export function traceIdFor(wallMicroseconds: number, domain: string, workflow: string, payload: JsonValue): string {
  const time = new Date(Math.floor(wallMicroseconds / 1000)).toISOString().replaceAll(/[-:.]/g, '')
  const run = new Map<string, JsonValue>([
    ['domain', domain],
    ['payload', payload],
    ['wf', workflow],
  ])
  return `${time}__${workflowCode(workflow)}__${canonicalHash(run).slice(0, 4).toUpperCase()}`
}
