import { firstLine } from './first-line.ts'
import { type Kernel32, loadKernel32 } from './kernel32.ts'
import { type Libc, loadLibc, readThreadId } from './libc.ts'
import { LinuxAffinity } from './linux-affinity.ts'
import type { ThreadAffinity } from './thread-affinity.ts'
import { UnsupportedAffinity } from './unsupported-affinity.ts'
import { WindowsAffinity } from './windows-affinity.ts'

/** The systems' own calls, as parameters so that a test can make loading fail. */
export interface AffinityLoaders {
  libc(): Libc
  kernel32(): Kernel32
}

const liveLoaders: AffinityLoaders = { libc: loadLibc, kernel32: loadKernel32 }

/**
 * The affinity mechanism of a platform, for the calling thread. Never throws: where there is none, or its calls do not load,
 * the result is one that is not `supported` and says why.
 */
export function loadAffinity(
  platform: NodeJS.Platform = process.platform,
  loaders: AffinityLoaders = liveLoaders,
): ThreadAffinity {
  switch (platform) {
    case 'linux':
      // Without the calls a thread on Linux still has an id, and so can still be watched.
      return loadOrExplain(() => new LinuxAffinity(loaders.libc()), readThreadId)
    case 'win32':
      return loadOrExplain(() => new WindowsAffinity(loaders.kernel32()))
    case 'darwin':
      return new UnsupportedAffinity('macOS has no call that binds a thread to a CPU, only hints that it may ignore.')
    default:
      return new UnsupportedAffinity(`no way to bind a thread is known on ${platform}.`)
  }
}

function loadOrExplain(load: () => ThreadAffinity, threadId?: () => number | null): ThreadAffinity {
  try {
    return load()
  } catch (cause) {
    return new UnsupportedAffinity(`${firstLine(cause)}.`, threadId)
  }
}
