import { useFacts, useQuery } from '../client/host-context.tsx'
import { useEvery } from '../client/use-every.ts'
import { formatBytes, formatTimeOfDay } from '../ui/format.ts'
import { Notice } from '../ui/notice.tsx'
import bannerStyles from './banner.module.css'
import { Link } from './router-context.tsx'

const lookEveryMs = 5000

/** On every page: new work is refused because more is kept on the disk than may be. */
export function DiskQuotaBanner() {
  const hasQuota = useFacts((facts) => facts.info?.options.find(({ name }) => name === 'diskQuotaMiB')?.value !== 0)
  const { data, refresh } = useQuery('throttle.status', {}, { onEvents: ['options-changed', 'notice', 'audit'] })
  useEvery(hasQuota ? lookEveryMs : null, refresh)
  const disk = data?.disk ?? null
  if (disk === null || !disk.refuses) return null
  return (
    <section className={bannerStyles.banner} aria-label="Disk quota">
      <Notice
        tone="bad"
        title="New tuples, agents and tokens are refused: the disk quota is used up"
        actions={<Link to={['storage']}>Open storage</Link>}
      >
        {`${formatBytes(disk.bytes)} are kept and diskQuotaMiB allows ${formatBytes(disk.quotaBytes)}. What is there goes on. It is looked at again at ${formatTimeOfDay(disk.nextLookAt)}; let held receipts go, or allow more in the settings.`}
      </Notice>
    </section>
  )
}
