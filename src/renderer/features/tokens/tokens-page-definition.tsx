import { Rows3 } from 'lucide-react'
import type { PageDefinition } from '../../shell/page.ts'
import { LiveTokenCount } from './live-token-count.tsx'
import { TokensPage } from './tokens-page.tsx'

export const tokensPage: PageDefinition = {
  id: 'tokens',
  title: 'Tokens',
  icon: <Rows3 size={16} aria-hidden="true" />,
  command: 'go.tokens',
  Component: TokensPage,
  Count: LiveTokenCount,
}
