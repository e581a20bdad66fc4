import { useEffect, useState } from 'react'
import { useConnection, useFacts, useHost } from '../client/host-context.tsx'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import styles from './banner.module.css'

/** Says that what is on the screen is old, why, and when the next attempt comes. Nothing while all is well. */
export function ConnectionBanner() {
  const { connection } = useHost()
  const { status, why, retryAt, everConnected } = useConnection((state) => state)
  const problem = useFacts((facts) => facts.problem)
  if (status === 'connected') {
    return problem === null ? null : (
      <div className={styles.banner} role="alert">
        <Notice tone="bad" title={problem} />
      </div>
    )
  }
  // The very first attempt takes a blink; a banner for it would only flash.
  if (status === 'connecting' && !everConnected && why === null) return null
  return (
    <div className={styles.banner} role="alert">
      <Notice
        tone={status === 'refused' ? 'bad' : 'warn'}
        title={
          everConnected ? `Connection lost: ${why ?? 'trying again'}.` : `No connection: ${why ?? 'trying again'}.`
        }
        actions={
          status === 'refused' ? undefined : (
            <Button size="small" onClick={() => connection.retryNow()}>
              Connect now
            </Button>
          )
        }
      >
        {status === 'refused' ? (
          'Open the whole address that the host printed when it last started.'
        ) : (
          <>
            {everConnected ? 'Everything below is as it was last known. ' : ''}
            <RetryCountdown retryAt={retryAt} />
          </>
        )}
      </Notice>
    </div>
  )
}

function RetryCountdown({ retryAt }: { readonly retryAt: number | null }) {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    if (retryAt === null) return
    setNow(Date.now())
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [retryAt])
  if (retryAt === null) return <span>Connecting…</span>
  const seconds = Math.max(0, Math.ceil((retryAt - now) / 1000))
  // Hidden from screen readers: an alert that changes every second would be read every second.
  return <span aria-hidden="true">{seconds === 0 ? 'Connecting…' : `Next attempt in ${seconds} s.`}</span>
}
