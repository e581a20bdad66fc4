import type { OperationInfo } from '../../../shared/contract/operations.ts'
import { DetailSection } from '../../table/detail-section.tsx'
import { Facts } from '../../ui/facts.tsx'
import { formatCount, formatPlural } from '../../ui/format.ts'

/** How complex the source of an operation is. */
export function InspectionSection({ inspection }: { readonly inspection: OperationInfo['inspection'] }) {
  if (inspection === null) return null
  const { score, level, length, depth, literals, names, loops, branches } = inspection
  return (
    <DetailSection title="Complexity" note="of its own source; what it calls is not looked at">
      <Facts
        facts={[
          { label: 'Score', value: `${score.toFixed(1)} of 200, ${level.toLowerCase()}` },
          {
            label: 'From',
            value: `${formatCount(length)} characters of code, ${formatCount(literals)} in texts, nested ${depth} deep, ${formatPlural(names, 'name')}`,
          },
          {
            label: 'Flow',
            value: `${formatPlural(loops, 'loop')}, ${formatPlural(branches, 'branch', 'branches')}`,
          },
        ]}
      />
    </DetailSection>
  )
}
