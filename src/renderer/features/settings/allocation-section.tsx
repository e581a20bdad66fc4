import type { AllocationReport } from '../../../shared/contract/allocation.ts'
import { toErrorData } from '../../../shared/errors.ts'
import { useHost, useQuery } from '../../client/host-context.tsx'
import { useWriteBlock } from '../../client/write-block.ts'
import { Button } from '../../ui/button.tsx'
import { Facts } from '../../ui/facts.tsx'
import { formatBytes, formatCount } from '../../ui/format.ts'
import { useToasts } from '../../ui/toast.tsx'
import styles from './allocation-section.module.css'
import { SettingsSection } from './settings-section.tsx'

const shownOperations = 8

/** What workers were measured to use, the limit that is proposed from it, and a button to apply it. */
export function AllocationSection() {
  const { data } = useQuery('allocation.report', {}, { onTokens: true, onEvents: ['options-changed'], everyMs: 500 })
  return (
    <SettingsSection
      title="Memory of workers"
      text="The heap of each worker thread is looked at while a token runs. From the largest one a limit is proposed; it holds once you apply it, or by itself with allocationAuto."
    >
      {data === null ? null : <Measured report={data} />}
    </SettingsSection>
  )
}

function Measured({ report }: { readonly report: AllocationReport }) {
  const { limitMiB, operations, overruns, proposal } = report
  const samples = operations.reduce((sum, operation) => sum + operation.samples, 0)
  return (
    <>
      <Facts
        facts={[
          { label: 'Limit', value: `${formatCount(limitMiB)} MiB` },
          { label: 'Largest heap seen', value: formatBytes(operations[0]?.peak) },
          { label: 'Looked at', value: `${formatCount(samples)} times` },
          { label: 'Ran out of heap', value: `${formatCount(overruns)} workers` },
        ]}
      />
      <div className={styles.proposal}>
        <p>{proposal.reason}</p>
        {proposal.heapMiB === limitMiB ? null : <ApplyButton heapMiB={proposal.heapMiB} before={limitMiB} />}
      </div>
      {operations.length === 0 ? null : <Peaks operations={operations} />}
    </>
  )
}

function Peaks({ operations }: Pick<AllocationReport, 'operations'>) {
  const shown = operations.slice(0, shownOperations)
  return (
    <table className={styles.peaks}>
      <caption>{`Largest heap of a worker while an operation ran, ${shown.length} of ${operations.length} operations`}</caption>
      <thead>
        <tr>
          <th scope="col">Operation</th>
          <th scope="col">Heap</th>
          <th scope="col">Looks</th>
        </tr>
      </thead>
      <tbody>
        {shown.map(({ operation, peak, samples }) => (
          <tr key={operation}>
            <th scope="row">{operation}</th>
            <td>{formatBytes(peak)}</td>
            <td>{formatCount(samples)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function ApplyButton({ heapMiB, before }: { readonly heapMiB: number; readonly before: number }) {
  const host = useHost()
  const toasts = useToasts()
  const block = useWriteBlock()

  async function apply() {
    try {
      await host.call('allocation.apply', { heapMiB })
      const undo = () => void host.call('options.set', { changes: { workerHeapMiB: before } })
      toasts.show({
        tone: 'good',
        title: `Workers have ${heapMiB} MiB of heap; threads are replaced as soon as they are free`,
        topic: 'option-workerHeapMiB',
        action: { label: 'Undo', run: undo },
      })
    } catch (error) {
      toasts.show({ tone: 'bad', title: toErrorData(error).message, topic: 'option-workerHeapMiB' })
    }
  }

  return (
    <Button variant="primary" disabledReason={block} onClick={() => void apply()}>
      {`Apply ${formatCount(heapMiB)} MiB`}
    </Button>
  )
}
