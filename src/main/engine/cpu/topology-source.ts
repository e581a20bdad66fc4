import { readFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { type Kernel32, loadKernel32 } from './kernel32.ts'

/** Everything that reading a topology asks of the machine, so that a test can make one up. */
export interface TopologySource {
  readonly platform: NodeJS.Platform
  /** Text of a file, null when it is not there or may not be read. */
  readText(path: string): string | null
  /** One model name per logical CPU, as `os.cpus()` lists them. */
  cpuModels(): readonly string[]
  /** As `os.availableParallelism()`. */
  availableParallelism(): number
  /** Windows' system calls. Throws a GuardhouseError of kind `unsupported` where they cannot be loaded. */
  kernel32(): Kernel32
}

/** The machine this program runs on. */
export const liveTopologySource: TopologySource = {
  platform: process.platform,
  readText: readTextIfReadable,
  cpuModels: () => cpus().map((cpu) => cpu.model),
  availableParallelism,
  kernel32: loadKernel32,
}

function readTextIfReadable(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // Kernels, containers and sandboxes each leave out other files: an unreadable one is a fact not told, which the reader notes.
    return null
  }
}
