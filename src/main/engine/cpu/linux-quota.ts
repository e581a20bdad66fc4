import type { TopologySource } from './topology-source.ts'

/** The tightest CPU time limit above this process. */
export interface CpuQuota {
  /** Limit in cores (1.5 = one and a half); null when nothing limits. */
  readonly cores: number | null
  /** One sentence for the window. */
  readonly note: string
}

interface Limit {
  readonly cores: number
  readonly file: string
}

interface Mount {
  readonly type: string
  /** Which control group appears as the root of this mount; in a container often not `/`. */
  readonly root: string
  readonly path: string
  readonly options: readonly string[]
}

/**
 * Reads the quota of every control group from this process' own up to the root, in both hierarchies, and keeps the
 * tightest: a limit on any ancestor binds all below it. Formats: cgroups(7), proc_pid_mountinfo(5), and the kernel's
 * cgroup-v2 `cpu.max` ("$MAX $PERIOD") and cgroup-v1 `cpu.cfs_quota_us` (-1 for none) / `cpu.cfs_period_us`.
 */
export function readCpuQuota(source: TopologySource): CpuQuota {
  const groups = source.readText('/proc/self/cgroup')
  const mounts = source.readText('/proc/self/mountinfo')
  if (groups === null || mounts === null)
    return { cores: null, note: 'Whether a control group limits CPU time is not known here.' }

  const limits = directories(parseGroups(groups), parseMounts(mounts)).flatMap((directory) => {
    const limit = readUnifiedLimit(source, directory) ?? readLegacyLimit(source, directory)
    return limit === null ? [] : [limit]
  })
  const tightest = limits.sort((a, b) => a.cores - b.cores)[0]
  if (tightest === undefined) return { cores: null, note: 'No control group limits the CPU time of this process.' }
  const amount = `${Number(tightest.cores.toFixed(2))} ${tightest.cores === 1 ? 'core' : 'cores'}`
  return {
    cores: tightest.cores,
    note: `A control group limits this process to ${amount} of CPU time (${tightest.file}).`,
  }
}

/** The group's path per hierarchy: the empty name is version 2's, the others are version 1's controllers. */
function parseGroups(text: string): Map<string, string> {
  const paths = new Map<string, string>()
  for (const line of text.split('\n')) {
    const [, controllers, ...path] = line.split(':')
    if (controllers === undefined || path.length === 0) continue
    for (const controller of controllers.split(',')) paths.set(controller, path.join(':'))
  }
  return paths
}

function parseMounts(text: string): Mount[] {
  return text.split('\n').flatMap((line) => {
    const [before, after] = line.split(' - ')
    const [, , , root, path] = (before ?? '').split(' ')
    const [type, , options] = (after ?? '').split(' ')
    if (root === undefined || path === undefined || type === undefined) return []
    return [{ type, root: unescapePath(root), path: unescapePath(path), options: (options ?? '').split(',') }]
  })
}

/** The kernel writes space, tab, newline and backslash in a path as three octal digits. */
function unescapePath(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)))
}

function directories(groups: ReadonlyMap<string, string>, mounts: readonly Mount[]): string[] {
  return mounts.flatMap((mount) => {
    const group = mount.type === 'cgroup2' ? groups.get('') : isLegacyCpuMount(mount) ? groups.get('cpu') : undefined
    return group === undefined ? [] : upwards(pathBelow(mount.root, group)).map((path) => `${mount.path}${path}`)
  })
}

function isLegacyCpuMount(mount: Mount): boolean {
  return mount.type === 'cgroup' && mount.options.includes('cpu')
}

/** Where `group` lies below a mount whose root is `root`. A group that is outside what is mounted shows only the mount's root. */
function pathBelow(root: string, group: string): string {
  if (group.split('/').includes('..')) return ''
  const prefix = root === '/' ? '' : root
  return group === prefix || group.startsWith(`${prefix}/`) ? group.slice(prefix.length) : ''
}

/** `/a/b` is `/a/b`, `/a` and the mount itself. */
function upwards(path: string): string[] {
  const names = path.split('/').filter((name) => name !== '')
  return Array.from({ length: names.length + 1 }, (_, dropped) =>
    names
      .slice(0, names.length - dropped)
      .map((name) => `/${name}`)
      .join(''),
  )
}

function readUnifiedLimit(source: TopologySource, directory: string): Limit | null {
  const file = `${directory}/cpu.max`
  const [quota, period] = (source.readText(file) ?? '').trim().split(/\s+/)
  return limitOf(quota, period, file)
}

function readLegacyLimit(source: TopologySource, directory: string): Limit | null {
  const file = `${directory}/cpu.cfs_quota_us`
  return limitOf(source.readText(file)?.trim(), source.readText(`${directory}/cpu.cfs_period_us`)?.trim(), file)
}

/** `max`, -1 and anything that is not a pair of positive numbers is no limit. */
function limitOf(quota: string | undefined, period: string | undefined, file: string): Limit | null {
  const cores = Number(quota) / Number(period)
  return Number(quota) > 0 && Number.isFinite(cores) ? { cores, file } : null
}
