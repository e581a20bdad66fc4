import type { TokenBindings } from '../../../shared/contract/tags.ts'
import type { TokenDetail } from '../../../shared/contract/tokens.ts'
import { DetailSection } from '../../table/detail-section.tsx'
import { type Fact, Facts } from '../../ui/facts.tsx'
import { formatCount } from '../../ui/format.ts'
import { TokenLink } from './token-link.tsx'

export interface BindingsSectionProps {
  readonly detail: TokenDetail
  readonly pathTo: (id: string) => readonly string[]
}

/** What tags bind the token to, its own or those of tokens above it: sticky key, conductor domains, storage tier. */
export function BindingsSection({ detail: { id, bindings }, pathTo }: BindingsSectionProps) {
  const token = (other: string | null, nobody: string) => {
    if (other === null) return nobody
    return other === id ? 'this token' : <TokenLink to={pathTo(other)} id={other} />
  }
  const { anchor, domain, leads, storage } = bindings
  const facts: Fact[] = []
  if (anchor !== null) {
    facts.push(
      { label: 'Sticky key', value: <code>{anchor.key}</code> },
      { label: 'Core of the key', value: anchor.core ?? 'none yet' },
      { label: 'Whose turn it is', value: token(anchor.holder, 'nobody’s') },
      { label: 'Tokens of the key', value: `${formatCount(anchor.tokens)} not over` },
    )
  }
  // A lead is a member of its own domain; that is told once.
  if (domain !== null && domain.seed !== leads?.seed) facts.push(...domainFacts('Domain', domain, token))
  if (leads !== null) facts.push(...domainFacts('Leads the domain', leads, token))
  if (storage !== null) facts.push({ label: 'Storage tier', value: `${storage.tier}, ${permitWords[storage.permit]}` })
  if (facts.length === 0) return null
  return (
    <DetailSection title="What binds it">
      <Facts facts={facts} />
    </DetailSection>
  )
}

type Domain = NonNullable<TokenBindings['domain']>

function domainFacts(
  label: string,
  { seed, lead, core, members, pending }: Domain,
  token: (other: string | null, nobody: string) => Fact['value'],
): Fact[] {
  const open = pending === 0 ? 'all over: it is closed' : `${formatCount(pending)} not over`
  return [
    { label, value: <code>{seed}</code> },
    { label: 'Its lead', value: token(lead, 'no longer kept') },
    { label: 'Its core', value: core ?? 'none yet' },
    { label: 'Its members', value: `${formatCount(members)}, ${open}` },
  ]
}

const permitWords: Readonly<Record<NonNullable<TokenBindings['storage']>['permit'], string>> = {
  none: 'holds no permit',
  own: 'holds a permit',
  borrowed: 'runs under the permit of a token above it',
}
