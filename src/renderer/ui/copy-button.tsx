import { Check, Copy } from 'lucide-react'
import { type ReactNode, useEffect, useState } from 'react'
import { IconButton } from './button.tsx'
import { useToasts } from './toast.tsx'

const confirmedMs = 1500

export interface CopyButtonProps {
  readonly label: string
  readonly text: () => string
  /** Where two buttons stand side by side, to tell them apart. */
  readonly icon?: ReactNode
}

/** Copies a text. `label` names what is copied: `Copy the token's id`. */
export function CopyButton({ label, text, icon = <Copy size={14} aria-hidden="true" /> }: CopyButtonProps) {
  const [copied, setCopied] = useState(false)
  const toasts = useToasts()
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), confirmedMs)
    return () => clearTimeout(timer)
  }, [copied])
  return (
    <IconButton
      label={copied ? 'Copied' : label}
      size="small"
      icon={copied ? <Check size={14} aria-hidden="true" /> : icon}
      onClick={() => {
        navigator.clipboard.writeText(text()).then(
          () => setCopied(true),
          (error: unknown) => toasts.show({ tone: 'bad', title: 'Could not copy', text: String(error) }),
        )
      }}
    />
  )
}
