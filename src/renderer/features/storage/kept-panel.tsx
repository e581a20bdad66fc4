import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import type { KeptKindInfo } from '../../../shared/contract/storage.ts'
import { ageLabels } from '../../../shared/model/storage.ts'
import { formatBytes, formatCount } from '../../ui/format.ts'
import { Panel } from '../../ui/panel.tsx'
import styles from './storage-page.module.css'

const height = 180

/** What is kept by kind and age, drawn and as a table. */
export function KeptPanel({ kinds }: { readonly kinds: readonly KeptKindInfo[] }) {
  return (
    <Panel title="What is kept, by age" className={styles.kept}>
      <AgeChart kinds={kinds} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className={styles.tableFrame} tabIndex={0} aria-label="Size by kind and age">
        <table className={styles.table}>
          <caption className="visually-hidden">Size by kind and age</caption>
          <thead>
            <tr>
              <th scope="col">Kind</th>
              <th scope="col" className={styles.number}>
                Things
              </th>
              {ageLabels.map((label) => (
                <th key={label} scope="col" className={styles.number}>
                  {label}
                </th>
              ))}
              <th scope="col" className={styles.number}>
                Size
              </th>
            </tr>
          </thead>
          <tbody>
            {kinds.map((kind, index) => (
              <tr key={kind.kind}>
                <th scope="row">
                  <span className={styles.key} style={{ background: colorOf(index) }} aria-hidden="true" />
                  {kind.kind}
                </th>
                <td className={styles.number}>{formatCount(kind.items)}</td>
                {ageLabels.map((label, age) => (
                  <td key={label} className={styles.number}>
                    {bytesAt(kind, age) === 0 ? (
                      <span className={styles.quiet}>0</span>
                    ) : (
                      formatBytes(bytesAt(kind, age))
                    )}
                  </td>
                ))}
                <td className={styles.number}>{formatBytes(kind.bytes)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </Panel>
  )
}

/** Says nothing that the table below it does not: hidden from screen readers. */
function AgeChart({ kinds }: { readonly kinds: readonly KeptKindInfo[] }) {
  const data = ageLabels.map((label, age) => ({
    label,
    ...Object.fromEntries(kinds.map((kind) => [kind.kind, bytesAt(kind, age)])),
  }))
  return (
    <div aria-hidden="true" style={{ height }}>
      <ResponsiveContainer width="100%" height={height}>
        <BarChart data={data} accessibilityLayer={false} margin={{ top: 8, right: 0, bottom: 0, left: 0 }}>
          <CartesianGrid vertical={false} stroke="var(--hairline)" />
          <XAxis dataKey="label" tickLine={false} axisLine={false} tick={tick} />
          <YAxis width={64} tickLine={false} axisLine={false} tick={tick} tickFormatter={formatBytes} />
          <Tooltip
            isAnimationActive={false}
            cursor={{ fill: 'var(--surface-hover)' }}
            contentStyle={tooltipStyle}
            formatter={(value) => formatBytes(Number(value))}
          />
          {kinds.map((kind, index) => (
            <Bar key={kind.kind} dataKey={kind.kind} stackId="size" fill={colorOf(index)} isAnimationActive={false} />
          ))}
        </BarChart>
      </ResponsiveContainer>
    </div>
  )
}

export const tick = { fill: 'var(--text-faint)', fontSize: 11 }
export const tooltipStyle = {
  border: '1px solid var(--hairline-strong)',
  borderRadius: 'var(--radius)',
  background: 'var(--surface-raised)',
  color: 'var(--text)',
}

function colorOf(index: number): string {
  return `var(--category-${(index % 8) + 1})`
}

function bytesAt(kind: KeptKindInfo, age: number): number {
  return kind.ages[age]?.bytes ?? 0
}
