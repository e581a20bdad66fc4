import { Link2, Maximize2, Minimize2, SearchX, Terminal } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { TokenDetail } from '../../../shared/contract/tokens.ts'
import { deepLink } from '../../../shared/deep-link.ts'
import { isTerminal } from '../../../shared/model/token.ts'
import { useLocalCommand } from '../../shell/command-registry-context.tsx'
import { useRouter } from '../../shell/router-context.tsx'
import { WatchButton } from '../../shell/watches.tsx'
import { DetailFrame } from '../../table/detail-frame.tsx'
import { LongName } from '../../table/long-name.tsx'
import { useEscape } from '../../table/use-escape.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorNotice } from '../../ui/error-notice.tsx'
import { Notice } from '../../ui/notice.tsx'
import { StateMark } from '../../ui/state-mark.tsx'
import { TokenActions } from './token-actions.tsx'
import { useTokenDetail } from './token-detail.ts'
import styles from './token-inspector.module.css'
import { TokenSections } from './token-sections.tsx'

export interface TokenInspectorProps {
  readonly id: string
  /** Nothing was open before: until something is known of the token, for at most a moment, nothing is shown. */
  readonly first: boolean
  /** It takes the whole page instead of a side of it. */
  readonly full: boolean
  readonly onFullChange: (full: boolean) => void
  readonly onClose: () => void
  /** Route to another token, opened as this one is. */
  readonly pathTo: (id: string) => readonly string[]
  /** Route to the table of this token's children. */
  readonly childrenPath: readonly string[]
}

// Most answers are there sooner. To make room for the token and to fill it are then one picture and not two.
const patienceMs = 100

/** Everything known of one token, live as long as it lives, and still readable when the host has forgotten it. */
export function TokenInspector(props: TokenInspectorProps) {
  const { id, full, onClose } = props
  const { detail, presence, error } = useTokenDetail(id)
  const patient = usePatience(props.first)
  const nothingYet = presence === 'reading' && error === null && patient
  useEscape(presence === 'unknown' || nothingYet ? onClose : null)
  if (nothingYet) return null
  if (presence === 'unknown') return <UnknownToken id={id} onClose={onClose} />
  const gone = presence === 'gone'
  return (
    <DetailFrame
      title={detail === null ? <bdi>{id}</bdi> : <LongName name={detail.operation} />}
      heading={full ? 'h1' : 'h2'}
      buttons={<HeaderButtons {...props} live={detail !== null && !gone && !isTerminal(detail.state)} />}
      closeLabel="Close the token"
      onClose={onClose}
      line={<StateLine id={id} detail={detail} />}
      actions={detail === null || gone ? null : <TokenActions detail={detail} />}
      busy={detail === null}
    >
      {gone ? (
        <Notice tone="warn" title="The host no longer keeps this token">
          What you see is what was last read of it. It cannot be opened again once you close it.
        </Notice>
      ) : null}
      {error === null ? null : <ErrorNotice error={error} />}
      {detail === null ? null : <TokenSections detail={detail} {...props} />}
    </DetailFrame>
  )
}

/** True for a moment after the component came, when it may be patient. */
function usePatience(mayBe: boolean): boolean {
  const [patient, setPatient] = useState(mayBe)
  useEffect(() => {
    const over = setTimeout(() => setPatient(false), patienceMs)
    return () => clearTimeout(over)
  }, [])
  return patient
}

interface HeaderButtonsProps extends Pick<TokenInspectorProps, 'id' | 'full' | 'onFullChange'> {
  readonly live: boolean
}

function HeaderButtons({ id, full, onFullChange, live }: HeaderButtonsProps) {
  const router = useRouter()
  const showLines = () => router.go(['console', 'token', id])
  useLocalCommand({
    id: 'token.full',
    title: full ? 'Show the open token beside the table' : 'Show the open token on the whole page',
    group: 'Token',
    keys: 'f',
    run: () => onFullChange(!full),
  })
  useLocalCommand({
    id: 'token.console',
    title: 'Show the lines of the open token in the console',
    group: 'Token',
    keys: 'l',
    run: showLines,
  })
  return (
    <>
      {live ? <WatchButton target={{ kind: 'token', id }} label="Tell me when this token ends" /> : null}
      <IconButton
        size="small"
        label="Its lines in the console"
        icon={<Terminal size={14} aria-hidden="true" />}
        onClick={showLines}
      />
      <IconButton
        size="small"
        label={full ? 'Show beside the table' : 'Show on the whole page'}
        icon={full ? <Minimize2 size={14} aria-hidden="true" /> : <Maximize2 size={14} aria-hidden="true" />}
        onClick={() => onFullChange(!full)}
      />
    </>
  )
}

function StateLine({ id, detail }: { readonly id: string; readonly detail: TokenDetail | null }) {
  return (
    <>
      {detail === null ? null : <TokenMarks detail={detail} />}
      <code>
        <LongName name={id} />
      </code>
      <CopyButton label="Copy the token's id" text={() => id} />
      {window.guardhouse === undefined ? null : (
        <CopyButton
          label="Copy a link to the token"
          icon={<Link2 size={14} aria-hidden="true" />}
          text={() => deepLink('token', id)}
        />
      )}
    </>
  )
}

function TokenMarks({ detail: { state, held, stopping, attempt } }: { readonly detail: TokenDetail }) {
  return (
    <>
      <StateMark state={state} />
      {held ? <Badge tone="warn">paused</Badge> : null}
      {stopping ? <Badge tone="warn">stopping</Badge> : null}
      {attempt > 1 ? <Badge>attempt {attempt}</Badge> : null}
    </>
  )
}

function UnknownToken({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  return (
    <EmptyState
      icon={<SearchX size={24} aria-hidden="true" />}
      title="The host does not keep this token"
      action={<Button onClick={onClose}>Close</Button>}
    >
      <p className={styles.unknownId}>
        <code>{id}</code>
      </p>
      It may have ended long ago: only the newest finished tokens are kept. Or it belongs to another start of the host.
    </EmptyState>
  )
}
