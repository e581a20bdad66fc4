import { Filter, ListX } from 'lucide-react'
import { useRunSample } from '../../shell/workspace/run-sample.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'

/** Nothing was ever submitted. */
export function NoTokens() {
  const sample = useRunSample()
  return (
    <EmptyState
      icon={<ListX size={24} aria-hidden="true" />}
      title="No tokens yet"
      action={
        <Button variant="primary" disabledReason={sample.disabledReason} onClick={sample.run}>
          Run sample
        </Button>
      }
    >
      Every call of an operation becomes a token. Launch one on the Operations page, submit one with the command line,
      or run the sample.
    </EmptyState>
  )
}

/** Tokens are there, but the filter lets none through. */
export function NothingMatches({ onClear }: { readonly onClear: () => void }) {
  return (
    <EmptyState
      icon={<Filter size={24} aria-hidden="true" />}
      title="No token matches"
      action={<Button onClick={onClear}>Clear filter</Button>}
    >
      Only tokens that the host still keeps can be found: all live ones and the newest finished ones.
    </EmptyState>
  )
}
