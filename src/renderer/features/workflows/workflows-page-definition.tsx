import { Workflow } from 'lucide-react'
import type { PageDefinition } from '../../shell/page.ts'
import { WorkflowsPage } from './workflows-page.tsx'

export const workflowsPage: PageDefinition = {
  id: 'workflows',
  title: 'Workflows',
  icon: <Workflow size={16} aria-hidden="true" />,
  command: 'go.workflows',
  Component: WorkflowsPage,
}
