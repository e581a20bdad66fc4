import { ScrollText as PageIcon } from 'lucide-react'
import type { PageDefinition } from '../../shell/page.ts'
import { PageHeader } from '../../ui/page-header.tsx'

export const activityPage: PageDefinition = {
  id: 'activity',
  title: 'Activity',
  icon: <PageIcon size={16} aria-hidden="true" />,
  command: 'go.activity',
  Component: () => <PageHeader title="Activity" />,
}
