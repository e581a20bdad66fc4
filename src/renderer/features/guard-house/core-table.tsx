import type { SystemInfo } from '../../../shared/contract/system.ts'
import { useHost, useTelemetry } from '../../client/host-context.tsx'
import type { BucketSeries, TelemetryHistory } from '../../client/telemetry-history.ts'
import { formatCount, formatShare } from '../../ui/format.ts'
import styles from './core-table.module.css'

/** What the strips draw, as numbers: for who cannot see them and for who wants to compare. */
export function CoreTable({ info }: { readonly info: SystemInfo }) {
  const { telemetry } = useHost()
  // The history changes in place; the time of its newest sample says that it did.
  useTelemetry((frame) => frame?.now ?? 0, 1000)
  const { history, latest } = telemetry
  return (
    <table className={styles.table}>
      <caption className="visually-hidden">Share of each core, now and over the last minute</caption>
      <thead>
        <tr>
          <th scope="col">Core</th>
          <th scope="col">CPU</th>
          <th scope="col">Ours now</th>
          <th scope="col">Ours 10 s</th>
          <th scope="col">Ours 60 s</th>
          <th scope="col">Ours peak</th>
          <th scope="col">Others now</th>
          <th scope="col">Others 60 s</th>
          <th scope="col">Others peak</th>
          <th scope="col">Idle now</th>
          <th scope="col">Waiting in mailboxes</th>
          <th scope="col">Executed</th>
        </tr>
      </thead>
      <tbody>
        {info.topology.cores.map((core, index) => (
          <tr key={core.core}>
            <th scope="row">{core.core}</th>
            <td>{core.cpu}</td>
            <td>{formatShare(latest?.cores.ours[index])}</td>
            <td>{mean(history, history.ours[index], 10)}</td>
            <td>{mean(history, history.ours[index], 60)}</td>
            <td>{peak(history, history.ours[index])}</td>
            <td>{formatShare(latest?.cores.others[index])}</td>
            <td>{mean(history, history.others[index], 60)}</td>
            <td>{peak(history, history.others[index])}</td>
            <td>{formatShare(latest?.cores.idle[index])}</td>
            <td>{formatCount(latest?.cores.depth[index])}</td>
            <td>{formatCount(latest?.cores.executed[index])}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function mean(history: TelemetryHistory, series: BucketSeries | undefined, seconds: number): string {
  return formatShare(series === undefined ? null : history.summary(series, seconds)?.mean)
}

function peak(history: TelemetryHistory, series: BucketSeries | undefined): string {
  return formatShare(series === undefined ? null : history.summary(series, 60)?.max)
}
