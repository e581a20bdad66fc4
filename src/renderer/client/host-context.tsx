import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react'
import { useStore } from 'zustand'
import { assertDefined } from '../../shared/assert.ts'
import type { ProcedureInput, ProcedureName, ProcedureOutput } from '../../shared/contract/index.ts'
import type { HostEvent } from '../../shared/contract/system.ts'
import type { TelemetryFrame } from '../../shared/frames/telemetry.ts'
import type { ConnectionState } from './connection.ts'
import type { Host } from './host.ts'
import type { HostFactsState } from './host-facts.ts'
import { LiveQuery, type QueryState, type RefreshRules } from './live-query.ts'

const HostContext = createContext<Host | null>(null)

export function HostProvider({ host, children }: { readonly host: Host; readonly children: ReactNode }) {
  return <HostContext.Provider value={host}>{children}</HostContext.Provider>
}

export function useHost(): Host {
  return assertDefined(useContext(HostContext), 'useHost is called under HostProvider')
}

export function useConnection<Selected>(select: (state: ConnectionState) => Selected): Selected {
  return useStore(useHost().connection.store, select)
}

export function useFacts<Selected>(select: (state: HostFactsState) => Selected): Selected {
  return useStore(useHost().facts.store, select)
}

/**
 * A value computed from the newest frame, at most every `everyMs`. Renders only when it changed by `isSame`, so compute
 * text or rounded numbers, not raw ones. `select` gets null before the first frame.
 */
export function useTelemetry<Selected>(
  select: (frame: TelemetryFrame | null) => Selected,
  everyMs = 500,
  isSame: (a: Selected, b: Selected) => boolean = Object.is,
): Selected {
  const { telemetry } = useHost()
  const newest = useRef({ select, isSame })
  newest.current = { select, isSame }
  const [value, setValue] = useState(() => select(telemetry.latest))
  useEffect(() => {
    const update = (frame: TelemetryFrame | null) => {
      const next = newest.current.select(frame)
      setValue((before) => (newest.current.isSame(before, next) ? before : next))
    }
    update(telemetry.latest)
    return telemetry.subscribe(update, everyMs)
  }, [telemetry, everyMs])
  return value
}

/** Calls `listener` for every event of the host while the component is there. */
export function useHostEvents(listener: (event: HostEvent) => void): void {
  const { events } = useHost()
  const newest = useRef(listener)
  newest.current = listener
  useEffect(() => events.subscribe((event) => newest.current(event)), [events])
}

export interface Query<Output> extends QueryState<Output> {
  /** Asks again at once. */
  readonly refresh: () => void
}

/**
 * The answer to a read, kept up to date by `rules`, at most four times a second, not while hidden. `input` and `rules`
 * are compared by their JSON: pass fresh objects without worry. `rules` must not change while the component is there.
 */
export function useQuery<Name extends ProcedureName>(
  name: Name,
  input: ProcedureInput<Name>,
  rules: RefreshRules = {},
): Query<ProcedureOutput<Name>> {
  const host = useHost()
  const key = JSON.stringify(input)
  const first = useRef({ input, rules, key })
  const query = useMemo(() => new LiveQuery(host, name, first.current.input, first.current.rules), [host, name])
  useEffect(() => {
    query.start()
    return () => query[Symbol.dispose]()
  }, [query])
  useEffect(() => {
    if (first.current.key === key) return
    first.current = { ...first.current, key }
    query.setInput(JSON.parse(key) as ProcedureInput<Name>)
  }, [query, key])
  const state = useSyncExternalStore(query.store.subscribe, query.store.getState)
  return useMemo(() => ({ ...state, refresh: () => query.refresh() }), [state, query])
}

/** Wall clock milliseconds of an instant of the engine. Null until the host's epoch is known. */
export function useWallClock(): ((microseconds: number) => number) | null {
  const epoch = useFacts((facts) => facts.info?.epochWall ?? null)
  return useMemo(() => (epoch === null ? null : (microseconds: number) => epoch + microseconds / 1000), [epoch])
}
