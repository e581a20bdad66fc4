import { RotateCw, Search } from 'lucide-react'
import { useState } from 'react'
import type { OperationGuard } from '../../../shared/contract/guard.ts'
import type { OperationInfo } from '../../../shared/contract/operations.ts'
import { toErrorData } from '../../../shared/errors.ts'
import { useFacts, useQuery } from '../../client/host-context.tsx'
import { useEvery } from '../../client/use-every.ts'
import { useOperations } from '../../client/use-operations.ts'
import { FindField } from '../../shell/find-field.tsx'
import type { PageProps } from '../../shell/page.ts'
import { useRouter } from '../../shell/router-context.tsx'
import { useWorkspaceActions } from '../../shell/workspace/workspace-actions.ts'
import { ColumnMenu } from '../../table/column-menu.tsx'
import { DetailSplit } from '../../table/detail-split.tsx'
import { useStoredLayout } from '../../table/stored-layout.ts'
import type { TableSort } from '../../table/table-header.tsx'
import { useEscape } from '../../table/use-escape.ts'
import { VirtualTable } from '../../table/virtual-table.tsx'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { formatCount, formatPlural } from '../../ui/format.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { FailedModules } from './failed-modules.tsx'
import { HealthMap } from './health-map.tsx'
import { emptyDraft, type LaunchDraft } from './launch-draft.ts'
import { NoOperations } from './no-operations.tsx'
import { operationColumns } from './operation-columns.tsx'
import { listOperations } from './operation-list.ts'
import { OperationPanel } from './operation-panel.tsx'
import styles from './operations-page.module.css'
import { QuarantinePanel } from './quarantine-panel.tsx'
import { SchedulesPanel } from './schedules-panel.tsx'
import { operationIdOf, useOperationRows } from './use-operation-rows.ts'

/** Counts follow every token; a person reads them at this pace, milliseconds. */
const newsEveryMs = 1000

/** Health follows every run; a person reads it at this pace, milliseconds. */
const guardNewsEveryMs = 1500

const byName: TableSort = { by: 'operation', direction: 'ascending' }

/** What can be run, how it does, and the open operation beside it. */
export function OperationsPage({ path }: PageProps) {
  const router = useRouter()
  const [opened] = path
  const { data, error } = useOperations(newsEveryMs)
  const workspace = useFacts((facts) => facts.workspace)
  const [text, setText] = useState('')
  const [sort, setSort] = useState(byName)
  const [layout, setLayout] = useStoredLayout('operations')
  const operations = data?.operations ?? null
  const rows = useOperationRows(operations, text, sort)
  const guard = useQuery('guard.operations', {}, { onEvents: ['notice', 'audit'] })
  useEvery(guardNewsEveryMs, guard.refresh)
  const close = () => router.go(['operations'])
  return (
    <>
      <PageHeader
        title="Operations"
        note={<Summary operations={operations} text={text} modules={workspace?.modules.length ?? 0} />}
        actions={
          <>
            <FindField
              command={{ id: 'operations.find', title: 'Find operations', group: 'Operations' }}
              label="Find operations"
              placeholder="Find operations"
              value={text}
              onValueChange={setText}
            />
            <ReloadButton />
            <ColumnMenu columns={operationColumns} layout={layout} onLayoutChange={setLayout} />
          </>
        }
      />
      {error === null ? null : (
        <div className={styles.problem}>
          <ErrorNotice error={toErrorData(error)} />
        </div>
      )}
      <FailedModules modules={workspace?.modules ?? []} />
      <QuarantinePanel />
      <HealthMap operations={guard.data?.operations ?? []} />
      <SchedulesPanel />
      <DetailSplit
        name="operations"
        detailLabel="Operation"
        table={
          <>
            {operations?.every(isOfHost) === true ? <NoOperations /> : null}
            <VirtualTable
              label="Operations"
              rows={rows}
              idOf={operationIdOf}
              columns={operationColumns}
              layout={layout}
              onLayoutChange={setLayout}
              sort={sort}
              onSortChange={setSort}
              picks={null}
              opened={opened ?? null}
              onOpen={(row) => router.go(['operations', row.operation], { replace: opened !== undefined })}
              empty={text.trim() === '' ? null : <NothingFound onClear={() => setText('')} />}
            />
          </>
        }
        detail={
          opened === undefined || operations === null ? null : (
            <OpenedOperation
              name={opened}
              operations={operations}
              guarded={guard.data?.operations.find((guarded) => guarded.operation === opened)}
              onGuardChanged={guard.refresh}
              onClose={close}
            />
          )
        }
      />
    </>
  )
}

interface OpenedOperationProps {
  readonly name: string
  readonly operations: readonly OperationInfo[]
  readonly guarded: OperationGuard | undefined
  readonly onGuardChanged: () => void
  readonly onClose: () => void
}

function OpenedOperation({ name, operations, guarded, onGuardChanged, onClose }: OpenedOperationProps) {
  const modules = useFacts((facts) => facts.workspace?.modules)
  const operation = operations.find((candidate) => candidate.operation === name)
  const drafts = useDrafts(operation)
  if (operation === undefined) return <UnknownOperation name={name} onClose={onClose} />
  return (
    <OperationPanel
      key={name}
      operation={operation}
      module={modules?.find((module) => module.module === operation.module)}
      draft={drafts.draft}
      onDraftChange={drafts.setDraft}
      guarded={guarded}
      onGuardChanged={onGuardChanged}
      onClose={onClose}
    />
  )
}

/** What was typed for each operation stays while one is open: people go to and fro between two of them. */
function useDrafts(operation: OperationInfo | undefined) {
  const [drafts, setDrafts] = useState<ReadonlyMap<string, LaunchDraft>>(new Map())
  const kept = operation === undefined ? undefined : drafts.get(operation.operation)
  // A changed function has other parameters: what was typed for the old ones does not fit.
  const fits = kept !== undefined && kept.fields.length === operation?.parameters.length
  return {
    draft: fits ? kept : emptyDraft(operation?.parameters ?? []),
    setDraft(draft: LaunchDraft) {
      if (operation !== undefined) setDrafts((before) => new Map(before).set(operation.operation, draft))
    },
  }
}

function isOfHost({ module }: OperationInfo): boolean {
  return module === null
}

interface SummaryProps {
  readonly operations: readonly OperationInfo[] | null
  readonly text: string
  readonly modules: number
}

function Summary({ operations, text, modules }: SummaryProps) {
  if (operations === null) return null
  const shown = text.trim() === '' ? operations.length : listOperations(operations, text, byName).length
  const of = shown === operations.length ? '' : `${formatCount(shown)} of `
  const ofHost = operations.filter(isOfHost).length
  return (
    <span>
      {of}
      {formatPlural(operations.length, 'operation')}
      {modules === 0
        ? ' of the host'
        : `: ${formatCount(operations.length - ofHost)} in ${formatPlural(modules, 'module')}, ${formatCount(ofHost)} of the host`}
    </span>
  )
}

function ReloadButton() {
  const { reload, disabledReason, reloadBlock } = useWorkspaceActions()
  return (
    <Button
      icon={<RotateCw size={14} aria-hidden="true" />}
      disabledReason={disabledReason ?? reloadBlock}
      tooltip="Read every module of the workspace again"
      onClick={() => void reload()}
    >
      Reload
    </Button>
  )
}

function NothingFound({ onClear }: { readonly onClear: () => void }) {
  return (
    <EmptyState
      icon={<Search size={24} aria-hidden="true" />}
      title="No operation matches"
      action={<Button onClick={onClear}>Clear</Button>}
    >
      Names, modules, descriptions and last errors are looked through.
    </EmptyState>
  )
}

function UnknownOperation({ name, onClose }: { readonly name: string; readonly onClose: () => void }) {
  useEscape(onClose)
  return (
    <EmptyState title="There is no such operation" action={<Button onClick={onClose}>Close</Button>}>
      The open workspace declares no operation named <code>{name}</code>.
    </EmptyState>
  )
}
