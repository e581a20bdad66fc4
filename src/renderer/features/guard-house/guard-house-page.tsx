import { LayoutDashboard as PageIcon } from 'lucide-react'
import type { PageDefinition } from '../../shell/page.ts'
import { PageHeader } from '../../ui/page-header.tsx'

export const guardHousePage: PageDefinition = {
  id: 'guard-house',
  title: 'Guard house',
  icon: <PageIcon size={16} aria-hidden="true" />,
  command: 'go.guardHouse',
  Component: () => <PageHeader title="Guard house" />,
}
