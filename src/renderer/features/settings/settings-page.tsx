import { Settings as PageIcon } from 'lucide-react'
import type { PageDefinition } from '../../shell/page.ts'
import { PageHeader } from '../../ui/page-header.tsx'

export const settingsPage: PageDefinition = {
  id: 'settings',
  title: 'Settings',
  icon: <PageIcon size={16} aria-hidden="true" />,
  command: 'go.settings',
  Component: () => <PageHeader title="Settings" />,
}
