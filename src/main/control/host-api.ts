import type {
  ProcedureName,
  ProcedureOutput,
  ProcedureParsedInput,
  StreamItem,
  StreamName,
  StreamParsedInput,
} from '../../shared/contract/index.ts'
import type { Peer } from './control-protocol.ts'
import type { FrozenSets } from './frozen-sets.ts'

/** Who calls, as an implementation of the contract sees it. */
export interface Caller {
  readonly peer: Peer
  /** True when the peer or the whole host is read-only. */
  readonly readOnly: boolean
  /** The sets this connection froze. */
  readonly frozenSets: FrozenSets
  /** Calls `release` when the connection ends. Returns the function that takes it back. */
  onClose(release: () => void): () => void
}

type Procedure<Name extends ProcedureName> = (
  input: ProcedureParsedInput<Name>,
  caller: Caller,
) => ProcedureOutput<Name> | Promise<ProcedureOutput<Name>>

/** An implementation of every procedure of the contract. Errors are thrown; input is already checked and complete. */
export type HostApi = { readonly [Name in ProcedureName]: Procedure<Name> }

/** Opens a stream for one reader and returns the function that ends it. */
type OpenStream<Name extends StreamName> = (
  input: StreamParsedInput<Name>,
  offer: (item: StreamItem<Name>) => void,
) => () => void

interface BinaryStream<Name extends StreamName> {
  readonly open: OpenStream<Name>
  /** Writes into a reader's own copy of an item how many it has missed so far. */
  readonly stamp: (item: DataView, merged: number) => void
}

interface JsonStream<Name extends StreamName> {
  readonly open: OpenStream<Name>
  /** The item that tells a reader how many it missed. */
  readonly dropped: (count: number) => StreamItem<Name>
}

/** An implementation of every stream of the contract. */
export type HostStreams = {
  readonly [Name in StreamName]: StreamItem<Name> extends ArrayBuffer ? BinaryStream<Name> : JsonStream<Name>
}
