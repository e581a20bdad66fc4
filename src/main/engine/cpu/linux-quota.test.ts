import { describe, expect, it } from 'vitest'
import { readCpuQuota } from './linux-quota.ts'
import { type Files, linuxSource } from './made-up-machine.fixture.ts'

const unified = '30 23 0:26 / /sys/fs/cgroup rw shared:4 - cgroup2 cgroup2 rw,nsdelegate\n'
const legacy = '32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n'

function quotaOf(files: Files): number | null {
  return readCpuQuota(linuxSource(files)).cores
}

describe('CPU quota', () => {
  it('is the tightest of the process own group and all above it', () => {
    const files = {
      '/proc/self/cgroup': '0::/user.slice/app.slice/guardhouse\n',
      '/proc/self/mountinfo': unified,
      '/sys/fs/cgroup/user.slice/cpu.max': '250000 100000\n',
      '/sys/fs/cgroup/user.slice/app.slice/cpu.max': '600000 200000\n',
      '/sys/fs/cgroup/user.slice/app.slice/guardhouse/cpu.max': 'max 100000\n',
    }
    expect(quotaOf(files)).toBe(2.5)
    expect(readCpuQuota(linuxSource(files)).note).toBe(
      'A control group limits this process to 2.5 cores of CPU time (/sys/fs/cgroup/user.slice/cpu.max).',
    )
  })

  it('is none where every group says max', () => {
    expect(
      quotaOf({
        '/proc/self/cgroup': '0::/a\n',
        '/proc/self/mountinfo': unified,
        '/sys/fs/cgroup/a/cpu.max': 'max 100000\n',
      }),
    ).toBeNull()
  })

  it('of version 1 is the quota over its period', () => {
    const files = {
      '/proc/self/cgroup': '5:memory:/docker/abc\n4:cpu,cpuacct:/docker/abc\n0::/\n',
      '/proc/self/mountinfo': legacy,
      '/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us': '-1\n',
      '/sys/fs/cgroup/cpu,cpuacct/docker/abc/cpu.cfs_quota_us': '150000\n',
      '/sys/fs/cgroup/cpu,cpuacct/docker/abc/cpu.cfs_period_us': '100000\n',
    }
    expect(quotaOf(files)).toBe(1.5)
    expect(quotaOf({ ...files, '/sys/fs/cgroup/cpu,cpuacct/docker/abc/cpu.cfs_quota_us': '-1\n' })).toBeNull()
  })

  it('is found in a container that mounts its own group as the root, and keeps the host path in its name', () => {
    const files = {
      '/proc/self/cgroup': '0::/docker/abc/task\n',
      '/proc/self/mountinfo': '30 23 0:26 /docker/abc /sys/fs/cgroup ro - cgroup2 cgroup rw\n',
      '/sys/fs/cgroup/cpu.max': '300000 100000\n',
      '/sys/fs/cgroup/task/cpu.max': '400000 100000\n',
    }
    expect(quotaOf(files)).toBe(3)
  })

  it.each(['0::/elsewhere\n', '0::/../../other\n', '0::/docker/abcdef\n'])(
    'of a group outside the mount (%j) is that of the mount',
    (cgroup) => {
      const files = {
        '/proc/self/cgroup': cgroup,
        '/proc/self/mountinfo': '30 23 0:26 /docker/abc /sys/fs/cgroup ro - cgroup2 cgroup rw\n',
        '/sys/fs/cgroup/cpu.max': '50000 100000\n',
      }
      expect(quotaOf(files)).toBe(0.5)
    },
  )

  it('is found below a mount point with a space in its name', () => {
    const files = {
      '/proc/self/cgroup': '0::/a:b\n',
      '/proc/self/mountinfo': '30 23 0:26 / /my\\040groups rw - cgroup2 cgroup rw\n',
      '/my groups/a:b/cpu.max': '100000 100000\n',
    }
    expect(readCpuQuota(linuxSource(files))).toEqual({
      cores: 1,
      note: 'A control group limits this process to 1 core of CPU time (/my groups/a:b/cpu.max).',
    })
  })

  it.each(['', 'nonsense\n', '100000\n', '0 0\n', '100000 0\n', '-1 100000\n'])(
    'with the unreadable limit %j is none',
    (text) => {
      expect(
        quotaOf({ '/proc/self/cgroup': '0::/\n', '/proc/self/mountinfo': unified, '/sys/fs/cgroup/cpu.max': text }),
      ).toBeNull()
    },
  )

  it('without control groups is not known, and says so', () => {
    expect(readCpuQuota(linuxSource({}))).toEqual({
      cores: null,
      note: 'Whether a control group limits CPU time is not known here.',
    })
  })
})
