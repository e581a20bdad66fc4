import { Eye, EyeOff } from 'lucide-react'
import { useState } from 'react'
import { IconButton } from './button.tsx'
import styles from './field.module.css'
import { TextInput, type TextInputProps } from './field.tsx'

/** `what`: what the secret is called, for the button that shows it. */
export interface SecretInputProps extends Omit<TextInputProps, 'type' | 'icon'> {
  readonly what: string
}

/** One line of text that nobody reads over a shoulder, unless it is asked to be shown. */
export function SecretInput({ what, ...rest }: SecretInputProps) {
  const [shown, setShown] = useState(false)
  const Icon = shown ? EyeOff : Eye
  return (
    <span className={styles.secret}>
      {/* Browsers offer saved passwords in a field of that kind unless it is for a new one. */}
      <TextInput {...rest} type={shown ? 'text' : 'password'} autoComplete="new-password" />
      <IconButton
        label={shown ? `Hide ${what}` : `Show ${what}`}
        icon={<Icon size={14} aria-hidden="true" />}
        onClick={() => setShown(!shown)}
      />
    </span>
  )
}
