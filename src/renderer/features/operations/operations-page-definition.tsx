import { SquareFunction } from 'lucide-react'
import { useFacts } from '../../client/host-context.tsx'
import type { PageDefinition } from '../../shell/page.ts'
import { formatCompact } from '../../ui/format.ts'
import { OperationsPage } from './operations-page.tsx'

export const operationsPage: PageDefinition = {
  id: 'operations',
  title: 'Operations',
  icon: <SquareFunction size={16} aria-hidden="true" />,
  command: 'go.operations',
  Component: OperationsPage,
  Count: OperationCount,
}

function OperationCount() {
  return useFacts((facts) => (facts.operations === null ? '' : formatCompact(facts.operations.length)))
}
