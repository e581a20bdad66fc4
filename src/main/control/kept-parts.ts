import { dirname, join, resolve } from 'node:path'
import type { Bus } from '../engine/bus/bus.ts'
import { rotatedParts } from '../engine/bus/log/rotated-parts.ts'
import { DatedCollectable } from '../engine/collection/dated-collectable.ts'
import { StoreFile } from '../engine/collection/store-file.ts'
import type { Journal } from '../engine/journal/journal.ts'
import { JournalCollectable } from '../engine/journal/journal-collectable.ts'
import { busVariable } from './bus-setup.ts'
import type { ControlInit } from './control-protocol.ts'
import type { Storage } from './storage.ts'

export interface KeptParts {
  readonly init: ControlInit
  readonly bus: Bus
  readonly journal: Journal | null
}

/** Has bounded whatever this host keeps beside receipts and runs, in the order in which it gives way when all is too much. */
export function addKeptParts(storage: Storage, { init, bus, journal }: KeptParts): void {
  const chosen = process.env[busVariable]?.trim() ?? ''
  if (chosen.startsWith('log:')) addTupleLog(storage, bus, resolve(chosen.slice('log:'.length)))
  else if (chosen.startsWith('sqlite:')) storage.add(new StoreFile('bus', resolve(chosen.slice('sqlite:'.length))))
  else if (chosen === '' && init.host !== 'demo') {
    storage.add(new StoreFile('bus', join(init.stateDirectory, 'bus.sqlite')))
  }
  if (journal !== null) storage.add(new JournalCollectable(journal))
}

function addTupleLog(storage: Storage, bus: Bus, path: string): void {
  if (dirname(path) === storage.catalog) storage.leaveLogs()
  storage.add(new StoreFile('bus', path))
  const residents = async () => new Set((await bus.space.all()).map((tuple) => tuple.id))
  storage.add(new DatedCollectable(rotatedParts({ path, residents })))
}
