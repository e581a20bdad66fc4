import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import type { KeptKindInfo } from '../../../shared/contract/storage.ts'
import { ageLabels } from '../../../shared/model/storage.ts'
import { type DataColumn, DataTable } from '../../table/data-table.tsx'
import { formatBytes, formatCount } from '../../ui/format.ts'
import { Panel } from '../../ui/panel.tsx'
import { byteAxis, plainAxis, plainTooltip } from './chart-parts.ts'
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
  // A kind that has nothing of an age is left out, so that the tooltip names what is there.
  const data = ageLabels.map((label, age) => ({
    label,
    ...Object.fromEntries(
      kinds.filter((kind) => bytesAt(kind, age) > 0).map((kind) => [kind.kind, bytesAt(kind, age)]),
    ),
  }))
  const sums = ageLabels.map((_, age) => kinds.reduce((sum, kind) => sum + bytesAt(kind, age), 0))
  return (
    <div aria-hidden="true" style={{ height }}>
      <ResponsiveContainer width="100%" height={height}>
        <BarChart data={data} accessibilityLayer={false} margin={{ top: 8, right: 0, bottom: 0, left: 0 }}>
          <CartesianGrid vertical={false} stroke="var(--hairline)" />
          <XAxis {...plainAxis} dataKey="label" />
          <YAxis {...byteAxis(Math.max(...sums))} />
          <Tooltip
            {...plainTooltip}
            cursor={{ fill: 'var(--surface-hover)' }}
            formatter={(value) => formatBytes(Number(value))}
            // As they are stacked, from the top.
            itemSorter={({ dataKey }) => -kinds.findIndex(({ kind }) => kind === dataKey)}
          />
          {kinds.map((kind, index) => (
            <Bar key={kind.kind} dataKey={kind.kind} stackId="size" fill={colorOf(index)} isAnimationActive={false} />
          ))}
        </BarChart>
      </ResponsiveContainer>
    </div>
  )
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
