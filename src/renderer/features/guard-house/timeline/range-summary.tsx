import { useQuery } from '../../../client/host-context.tsx'
import { Link } from '../../../shell/router-context.tsx'
import { formatCount, formatDuration, formatPlural, formatShare } from '../../../ui/format.ts'
import styles from './timeline.module.css'
import type { TimeRange } from './timeline-window.ts'

const shownAtMost = 8

/** What ran in the selected range: by operation, and how busy each worker was. */
export function RangeSummary({ range }: { readonly range: TimeRange }) {
  const { data } = useQuery('timeline.summary', { from: range.from, to: range.to })
  if (data === null) return null
  const length = range.to - range.from
  const shown = data.operations.slice(0, shownAtMost)
  const left = data.operations.length - shown.length
  return (
    <div className={styles.summary}>
      <table className={styles.summaryTable}>
        <caption>
          Selected {formatDuration(length)}: {formatPlural(data.tokens, 'token')} ran
        </caption>
        <thead>
          <tr>
            <th scope="col">Operation</th>
            <th scope="col">Tokens</th>
            <th scope="col">Run time</th>
            <th scope="col">Mean</th>
          </tr>
        </thead>
        <tbody>
          {shown.map(({ operation, tokens, busy }) => (
            <tr key={operation}>
              <th scope="row">
                <Link to={['operations', operation]}>{operation}</Link>
              </th>
              <td>{formatCount(tokens)}</td>
              <td>{formatDuration(busy)}</td>
              <td>{formatDuration(busy / tokens)}</td>
            </tr>
          ))}
        </tbody>
        {left > 0 ? (
          <tfoot>
            <tr>
              <td colSpan={4}>{formatPlural(left, 'more operation')}</td>
            </tr>
          </tfoot>
        ) : null}
      </table>
      <table className={styles.summaryTable}>
        <caption>Workers</caption>
        <thead>
          <tr>
            <th scope="col">Worker</th>
            <th scope="col">Tokens</th>
            <th scope="col">Run time</th>
            <th scope="col">Of the range</th>
          </tr>
        </thead>
        <tbody>
          {data.lanes.map(({ core, slot, tokens, busy }) => (
            <tr key={`${core}/${slot}`}>
              <th scope="row">
                Core {core}, worker {slot}
              </th>
              <td>{formatCount(tokens)}</td>
              <td>{formatDuration(busy)}</td>
              <td>{formatShare(busy / length)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
