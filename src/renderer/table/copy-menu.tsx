import { Copy } from 'lucide-react'
import { Button } from '../ui/button.tsx'
import { Menu, MenuItem } from '../ui/menu.tsx'
import { type CopyFormat, copyFormats } from './copy-rows.ts'

/** Copies the selection in one of several forms. */
export function CopyMenu({ onCopy }: { readonly onCopy: (format: CopyFormat) => void }) {
  return (
    <Menu
      trigger={
        <Button size="small" icon={<Copy size={14} aria-hidden="true" />}>
          Copy
        </Button>
      }
    >
      {copyFormats.map((format) => (
        <MenuItem key={format} onSelect={() => onCopy(format)}>
          Copy as {format}
        </MenuItem>
      ))}
    </Menu>
  )
}
