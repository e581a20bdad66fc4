import type { ErrorData } from '../../../shared/errors.ts'
import { DetailSection } from '../../table/detail-section.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'

// A chain of causes that a program built can be longer than anybody reads.
const shownCauses = 8

/** What went wrong, what to do about it, and what caused it. */
export function ErrorSection({ error }: { readonly error: ErrorData }) {
  const causes = causesOf(error)
  return (
    <DetailSection
      title="Error"
      note={error.kind}
      actions={<CopyButton label="Copy the error as JSON" text={() => JSON.stringify(error, null, 2)} />}
    >
      <ErrorNotice error={error} />
      {causes.map((cause, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: causes never change places
        <div key={index}>
          Caused by
          <ErrorNotice error={cause} />
        </div>
      ))}
    </DetailSection>
  )
}

function causesOf(error: ErrorData): readonly ErrorData[] {
  const causes: ErrorData[] = []
  for (let { cause } = error; cause !== undefined && causes.length < shownCauses; cause = cause.cause)
    causes.push(cause)
  return causes
}
