import { Search } from 'lucide-react'
import { useRef } from 'react'
import { TextInput, type TextInputProps } from '../ui/field.tsx'
import { type LocalCommandProps, useLocalCommand } from './command-registry-context.tsx'

export interface FindFieldProps extends Omit<TextInputProps, 'ref' | 'type' | 'icon' | 'aria-label'> {
  readonly label: string
  /** As the palette and the sheet of shortcuts name it. */
  readonly command: Pick<LocalCommandProps, 'id' | 'title' | 'group'>
}

/** The field in which a page is searched, and the command that leads into it with `/`, its text selected. */
export function FindField({ label, command, ...input }: FindFieldProps) {
  const field = useRef<HTMLInputElement>(null)
  useLocalCommand({ ...command, keys: '/', run: () => field.current?.select() })
  return (
    <TextInput {...input} ref={field} type="search" aria-label={label} icon={<Search size={14} aria-hidden="true" />} />
  )
}
