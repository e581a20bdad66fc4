import type { OptionInfo } from '../../../shared/contract/system.ts'
import { formatCount } from '../../ui/format.ts'
import styles from './options-section.module.css'
import { SettingsSection } from './settings-section.tsx'

export function OptionsSection({ options }: { readonly options: readonly OptionInfo[] }) {
  return (
    <SettingsSection
      title="Scheduler"
      text="What this host was started with. Options are given when it starts; those marked live also follow changes while it runs."
    >
      <table className={styles.table}>
        <caption className="visually-hidden">Options of the scheduler</caption>
        <thead>
          <tr>
            <th scope="col">Option</th>
            <th scope="col" className={styles.value}>
              Value
            </th>
            <th scope="col" className={styles.value}>
              Default
            </th>
            <th scope="col" className={styles.allowed}>
              Allowed
            </th>
          </tr>
        </thead>
        <tbody>
          {options.map((option) => (
            <tr key={option.name}>
              <th scope="row">
                <span className={styles.name}>{option.name}</span>
                {option.live ? <span className={styles.live}>live</span> : null}
                <span className={styles.summary}>{option.summary}</span>
              </th>
              <td className={option.value === option.default ? styles.value : styles.changed}>
                {optionText(option.value, option.unit)}
              </td>
              <td className={styles.default}>{optionText(option.default, option.unit)}</td>
              <td className={styles.allowed}>{option.allowed}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </SettingsSection>
  )
}

function optionText(value: OptionInfo['value'], unit: string): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off'
  const text = typeof value === 'number' ? numberText(value) : value
  return unit === '' ? text : `${text} ${unit}`
}

function numberText(value: number): string {
  return Number.isInteger(value) ? formatCount(value) : String(value)
}
