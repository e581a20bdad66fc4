import type { OptionInfo } from '../../../shared/contract/options.ts'
import { toErrorData } from '../../../shared/errors.ts'
import { useHost } from '../../client/host-context.tsx'
import { useWriteBlock } from '../../client/write-block.ts'
import { Badge } from '../../ui/badge.tsx'
import { useToasts } from '../../ui/toast.tsx'
import { OptionControl } from './option-control.tsx'
import { allowedText, groupOptions, optionText } from './option-text.ts'
import styles from './options-section.module.css'
import { SettingsSection } from './settings-section.tsx'

type Value = OptionInfo['value'] | null

/** Every option of the scheduler, group by group, with its range, its default and a control to change it. */
export function OptionsSection({ options }: { readonly options: readonly OptionInfo[] }) {
  const setOption = useSetOption()
  const block = useWriteBlock()
  return (
    <SettingsSection
      title="Scheduler"
      text="Most options hold as soon as they are changed. Those marked with a restart hold from the next start of the host on; until then both values are shown. Chosen values are kept on this machine."
    >
      {[...groupOptions(options)].map(([group, members]) => (
        <section key={group} className={styles.group} aria-label={group}>
          <h3 className={styles.groupTitle}>{group}</h3>
          <ul className={styles.options}>
            {members.map((option) => (
              <li key={option.name} className={styles.option}>
                <div>
                  <span className={styles.name}>{option.name}</span>
                  <OptionMark option={option} />
                  <span className={styles.summary}>{option.summary}.</span>
                  <span className={styles.allowed}>
                    {`Allowed: ${allowedText(option.allowed)}. Default: ${optionText(option.default, option.unit)}.`}
                  </span>
                </div>
                <OptionControl option={option} block={block} onSet={(value) => setOption(option.name, value)} />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </SettingsSection>
  )
}

function OptionMark({ option }: { readonly option: OptionInfo }) {
  if (option.pending !== null) {
    return <Badge tone="warn">{`${optionText(option.value, option.unit)} until the next start`}</Badge>
  }
  return option.live ? null : <Badge tone="neutral">needs a restart</Badge>
}

/** Changes one option and offers to undo it. Resolves to what was wrong, or null. */
function useSetOption(): (name: string, value: Value) => Promise<string | null> {
  const host = useHost()
  const toasts = useToasts()

  async function set(name: string, value: Value, undoing: boolean): Promise<string | null> {
    try {
      const { changed, options } = await host.call('options.set', { changes: { [name]: value } })
      const unit = options.find((option) => option.name === name)?.unit ?? ''
      for (const change of changed.filter((candidate) => candidate.name === name)) {
        toasts.show({
          tone: 'good',
          title: `${name} is ${optionText(change.to, unit)}${change.applied ? '' : ' from the next start on'}`,
          topic: `option-${name}`,
          action: undoing ? undefined : { label: 'Undo', run: () => void set(name, change.from, true) },
        })
      }
      return null
    } catch (error) {
      return toErrorData(error).message
    }
  }

  return (name, value) => set(name, value, false)
}
