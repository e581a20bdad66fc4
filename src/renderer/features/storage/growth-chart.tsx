import { Line, LineChart, ReferenceLine, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import type { StorageStatus } from '../../../shared/contract/storage.ts'
import { formatBytes, formatDateTime } from '../../ui/format.ts'
import { byteAxis, plainAxis, plainTooltip } from './chart-parts.ts'
import { momentLabel } from './moment-label.ts'

const height = 110

export interface GrowthChartProps {
  readonly history: StorageStatus['history']
  readonly maxBytes: number
}

/** Size over time; the limit is drawn once it comes near. */
export function GrowthChart({ history, maxBytes }: GrowthChartProps) {
  const most = Math.max(...history.map((point) => point.bytes))
  const first = history[0]?.bytes ?? 0
  const last = history.at(-1)?.bytes ?? 0
  const span = (history.at(-1)?.at ?? 0) - (history[0]?.at ?? 0)
  return (
    <div
      role="img"
      aria-label={`Size over time: from ${formatBytes(first)} to ${formatBytes(last)}`}
      style={{ height }}
    >
      <ResponsiveContainer width="100%" height={height}>
        <LineChart data={[...history]} accessibilityLayer={false} margin={{ top: 8, right: 8, bottom: 0, left: 0 }}>
          <XAxis
            {...plainAxis}
            dataKey="at"
            type="number"
            domain={['dataMin', 'dataMax']}
            minTickGap={16}
            tickFormatter={(at) => momentLabel(at, span)}
          />
          <YAxis {...byteAxis(most)} />
          <Tooltip
            {...plainTooltip}
            labelFormatter={(at) => formatDateTime(Number(at))}
            formatter={(value) => [formatBytes(Number(value)), 'size']}
          />
          {most * 2 < maxBytes ? null : <ReferenceLine y={maxBytes} stroke="var(--tone-bad)" strokeDasharray="4 4" />}
          <Line dataKey="bytes" dot={false} stroke="var(--accent)" strokeWidth={1.5} isAnimationActive={false} />
        </LineChart>
      </ResponsiveContainer>
    </div>
  )
}
