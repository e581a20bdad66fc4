import type { Topology } from '../../../shared/model/core.ts'
import { readLinuxFacts } from './linux-topology.ts'
import { assembleTopology, type MachineFacts } from './machine-facts.ts'
import { readPortableFacts } from './portable-topology.ts'
import { liveTopologySource, type TopologySource } from './topology-source.ts'
import { readWindowsFacts } from './windows-topology.ts'

/**
 * What the machine offers this process: packages, physical cores, SMT siblings, shared caches, core kinds, restricted to the
 * CPUs of the process' affinity mask, with the control group's quota beside it.
 *
 * Never throws: a fact that the system does not tell is left at its most cautious value and named in `notes`.
 * Costs a few file reads per CPU, so call it once at start. Call it from a thread that is not bound: outside Linux the
 * number of CPUs is the calling thread's own view.
 */
export function readTopology(source: TopologySource = liveTopologySource): Topology {
  return assembleTopology(readFacts(source))
}

function readFacts(source: TopologySource): MachineFacts {
  switch (source.platform) {
    case 'linux':
      return readLinuxFacts(source)
    case 'win32':
      return readWindowsFacts(source)
    default:
      return readPortableFacts(source)
  }
}
