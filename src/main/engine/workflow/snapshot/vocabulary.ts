import type { SnapshotFile } from './snapshot-files.ts'
import { TableReader } from './table-reader.ts'

/** Names and addresses of a domain. Addresses mean nothing outside of it. */
export class Vocabulary {
  readonly #names: ReadonlyMap<number, string>
  readonly #addresses: ReadonlyMap<string, number>

  /** From forward.json (address to name) and reverse.json (name to address). */
  static read(forward: SnapshotFile, reverse: SnapshotFile): Vocabulary {
    const forwardReader = new TableReader(forward.path)
    const names = new Map<number, string>()
    for (const [address, name] of forward.content) {
      names.set(forwardReader.hexAddress(address, 'a key'), forwardReader.text(name, address))
    }
    const reverseReader = new TableReader(reverse.path)
    const addresses = new Map<string, number>()
    for (const [name, address] of reverse.content) addresses.set(name, reverseReader.hexAddress(address, name))
    return new Vocabulary(names, addresses)
  }

  private constructor(names: ReadonlyMap<number, string>, addresses: ReadonlyMap<string, number>) {
    this.#names = names
    this.#addresses = addresses
  }

  addressOf(name: string): number | null {
    return this.#addresses.get(name) ?? null
  }

  /** The name of an address; one without a name is printed as `0x` and at least four hex digits. */
  nameOf(address: number): string {
    return this.#names.get(address) ?? `0x${address.toString(16).toUpperCase().padStart(4, '0')}`
  }

  /** The condition under which a status leaves a node, or -1 when no edge can carry it. */
  conditionOf(status: string): number {
    return this.addressOf(`transition::${status}`) ?? this.addressOf(`outcome::${status}`) ?? -1
  }

  /** Every name, in the order of the file. */
  names(): Iterable<string> {
    return this.#addresses.keys()
  }
}
