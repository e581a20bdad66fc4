import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import type { KeptKindInfo } from '../../../shared/contract/storage.ts'
import { ageLabels } from '../../../shared/model/storage.ts'
import { type DataColumn, DataTable } from '../../table/data-table.tsx'
import { formatBytes, formatCount } from '../../ui/format.ts'
import { Panel } from '../../ui/panel.tsx'
import { byteTicks } from './byte-ticks.ts'
import styles from './storage-page.module.css'

const height = 180

function columnsOf(kinds: readonly KeptKindInfo[]): readonly DataColumn<KeptKindInfo>[] {
  return [
    {
      title: 'Kind',
      names: true,
      cell: (kind) => (
        <>
          <span className={styles.key} style={{ background: colorOf(kinds.indexOf(kind)) }} aria-hidden="true" />
          {kind.kind}
        </>
      ),
    },
    { title: 'Things', number: true, cell: ({ items }) => formatCount(items) },
    ...ageLabels.map(
      (label, age): DataColumn<KeptKindInfo> => ({
        title: label,
        number: true,
        cell: (kind) => sizeText(bytesAt(kind, age)),
      }),
    ),
    { title: 'Size', number: true, cell: ({ bytes }) => formatBytes(bytes) },
  ]
}

/** What is kept by kind and age, drawn and as a table. */
export function KeptPanel({ kinds }: { readonly kinds: readonly KeptKindInfo[] }) {
  return (
    <Panel title="What is kept, by age" className={styles.kept}>
      <AgeChart kinds={kinds} />
      <div className={styles.keptTable}>
        <DataTable label="Size by kind and age" columns={columnsOf(kinds)} rows={kinds} keyOf={({ kind }) => kind} />
      </div>
    </Panel>
  )
}

/** Says nothing that the table below it does not: hidden from screen readers. */
function AgeChart({ kinds }: { readonly kinds: readonly KeptKindInfo[] }) {
  const data = ageLabels.map((label, age) => ({
    label,
    ...Object.fromEntries(kinds.map((kind) => [kind.kind, bytesAt(kind, age)])),
  }))
  const sums = ageLabels.map((_, age) => kinds.reduce((sum, kind) => sum + bytesAt(kind, age), 0))
  const ticks = byteTicks(Math.max(...sums))
  return (
    <div aria-hidden="true" style={{ height }}>
      <ResponsiveContainer width="100%" height={height}>
        <BarChart data={data} accessibilityLayer={false} margin={{ top: 8, right: 0, bottom: 0, left: 0 }}>
          <CartesianGrid vertical={false} stroke="var(--hairline)" />
          <XAxis dataKey="label" tickLine={false} axisLine={false} tick={tick} />
          <YAxis
            width={64}
            domain={[0, ticks.at(-1) ?? 0]}
            ticks={ticks}
            tickLine={false}
            axisLine={false}
            tick={tick}
            tickFormatter={formatBytes}
          />
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

function sizeText(bytes: number) {
  return bytes === 0 ? <span className={styles.quiet}>0</span> : formatBytes(bytes)
}

function bytesAt(kind: KeptKindInfo, age: number): number {
  return kind.ages[age]?.bytes ?? 0
}
