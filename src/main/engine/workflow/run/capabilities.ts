import { sideEffectCatalogue } from '../side-effects/catalogue.ts'
import type { SideEffectFactory } from '../side-effects/side-effect.ts'
import type { Dialect } from '../snapshot/dispatch-table.ts'
import type { HandlerReference } from '../snapshot/handler-table.ts'
import { type CapabilityVersion, transformCatalogue } from '../transforms/catalogue.ts'
import type { Transform } from '../transforms/transform.ts'

/** The implementations that runs may use. */
export interface Capabilities {
  transform(module: string, callable: string): Transform | null
  /** Throws when nobody implements what is named; that stops a run. */
  sideEffect(handler: HandlerReference): SideEffectFactory
}

const made = new Map<CapabilityVersion, Capabilities>()

/** The capabilities of a generation; always the same object, so that what was planned with it is found again. */
export function capabilitiesOf(version: CapabilityVersion): Capabilities {
  const known = made.get(version) ?? makeCapabilities(version)
  made.set(version, known)
  return known
}

function makeCapabilities(version: CapabilityVersion): Capabilities {
  const transforms = transformCatalogue(version)
  const sideEffects = sideEffectCatalogue(version)
  const modules = [...sideEffects.keys()].map((name) => name.slice(0, name.indexOf(':')))
  return {
    transform: (module, callable) => transforms.get(`${module}:${callable}`) ?? null,
    sideEffect({ module, callable }) {
      const factory = sideEffects.get(`${module}:${callable}`)
      if (factory !== undefined) return factory
      if (modules.includes(module)) throw new Error(`module '${module}' has no attribute '${callable}'`)
      throw new Error(`No module named '${firstUnknownPart(module, modules)}'`)
    },
  }
}

/** Snapshots in the newer dialect were written for the newer capabilities. */
export function versionFor(dialect: Dialect): CapabilityVersion {
  return dialect === 'node-key' ? '0.5.0' : '0.3.0'
}

/** The shortest beginning of a dotted name that no known module begins with. */
function firstUnknownPart(module: string, known: readonly string[]): string {
  const parts = module.split('.')
  for (let length = 1; length < parts.length; length += 1) {
    const part = parts.slice(0, length).join('.')
    if (!known.some((name) => name === part || name.startsWith(`${part}.`))) return part
  }
  return module
}
