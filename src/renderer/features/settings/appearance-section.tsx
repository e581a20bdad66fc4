import { useTheme, useThemeChoice } from '../../shell/theme-context.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { SettingsSection } from './settings-section.tsx'

export function AppearanceSection() {
  const theme = useTheme()
  const choice = useThemeChoice()
  return (
    <SettingsSection title="Appearance" text="Kept for this window; other windows choose for themselves.">
      <div>
        <Segmented
          label="Theme"
          value={choice}
          onValueChange={(value) => theme.choose(value)}
          options={[
            { value: 'light', label: 'Light' },
            { value: 'dark', label: 'Dark' },
            { value: 'system', label: 'As the system' },
          ]}
        />
      </div>
    </SettingsSection>
  )
}
