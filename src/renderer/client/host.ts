import type { Transport } from '../../shared/contract/client.ts'
import type { ProcedureInput, ProcedureName, ProcedureOutput } from '../../shared/contract/index.ts'
import { GuardhouseError } from '../../shared/errors.ts'
import { AskedAhead } from './asked-ahead.ts'
import { HostConnection } from './connection.ts'
import { HostEvents } from './host-events.ts'
import { HostFacts } from './host-facts.ts'
import type { PageVisibility } from './page-visibility.ts'
import type { SendFile } from './send-file.ts'
import { TelemetryFeed } from './telemetry-feed.ts'

/** The host as the pages see it, over whatever connection there is at the time. */
export interface Host {
  readonly connection: HostConnection
  readonly telemetry: TelemetryFeed
  readonly events: HostEvents
  readonly facts: HostFacts
  readonly visibility: PageVisibility
  /** Null where a file goes in messages. */
  readonly sendFile: SendFile | null
  readonly askedAhead: AskedAhead
  /** Rejects with a GuardhouseError: the host's own, or `disconnected`. */
  call<Name extends ProcedureName>(name: Name, input: ProcedureInput<Name>): Promise<ProcedureOutput<Name>>
  /** Asks what a query that is about to be rendered will ask. Resolves when it is answered in whatever way, and after `patienceMs`. */
  askAhead<Name extends ProcedureName>(name: Name, input: ProcedureInput<Name>, patienceMs: number): Promise<void>
}

/** Builds the host and starts to connect. `open` is called for every attempt. */
export function connectHost(
  open: () => Promise<Transport>,
  visibility: PageVisibility,
  sendFile: SendFile | null = null,
): Host & Disposable {
  const connection = new HostConnection(open)
  const events = new HostEvents(connection)
  const facts = new HostFacts(connection, events)
  const telemetry = new TelemetryFeed(connection, visibility)
  const askedAhead = new AskedAhead()
  const call: Host['call'] = (name, input) => {
    const { client, why } = connection.store.getState()
    if (client !== null) return client.call(name, input)
    return Promise.reject(
      new GuardhouseError('disconnected', `there is no connection to the host: ${why ?? 'it is being opened'}`, {
        hint: 'Try again once the window says that it is connected.',
      }),
    )
  }
  connection.start()
  return {
    connection,
    events,
    facts,
    telemetry,
    visibility,
    sendFile,
    askedAhead,
    call,
    async askAhead(name, input, patienceMs) {
      const answer = call(name, input)
      askedAhead.put(name, input, answer)
      const patience = new Promise<void>((resolve) => setTimeout(resolve, patienceMs))
      await Promise.race([answer.catch(() => undefined), patience])
    },
    [Symbol.dispose]() {
      for (const part of [telemetry, facts, events, connection]) part[Symbol.dispose]()
    },
  }
}
