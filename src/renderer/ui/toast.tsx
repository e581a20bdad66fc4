import { Toast as BaseToast } from '@base-ui/react/toast'
import { CircleCheck, Info, OctagonAlert, TriangleAlert, X } from 'lucide-react'
import { createContext, type ReactNode, useContext, useMemo } from 'react'
import { Button, IconButton } from './button.tsx'
import { classNames } from './class-names.ts'
import styles from './toast.module.css'

export type ToastTone = 'info' | 'good' | 'warn' | 'bad'

export interface ToastMessage {
  readonly tone: ToastTone
  readonly title: string
  readonly text?: string | undefined
  /** One thing to do about it, such as Undo. */
  readonly action?: { readonly label: string; readonly run: () => void } | undefined
  /** A newer message of the same topic takes the place of the older one. */
  readonly topic?: string | undefined
}

/** Shows short messages. Errors stay until they are closed; the rest goes after a while. */
export interface Toasts {
  show(message: ToastMessage): void
}

interface ToastData {
  readonly action?: ToastMessage['action']
}

const shownMs = 6000
const shownWithActionMs = 12_000

const ToastsContext = createContext<Toasts | null>(null)

export function useToasts(): Toasts {
  const toasts = useContext(ToastsContext)
  if (toasts === null) throw new Error('assertion failed: useToasts is called under ToastProvider')
  return toasts
}

export function ToastProvider({ children }: { readonly children: ReactNode }) {
  const manager = useMemo(() => BaseToast.createToastManager<ToastData>(), [])
  const toasts = useMemo<Toasts>(
    () => ({
      show({ tone, title, text, action, topic }) {
        const lasting = tone === 'bad' ? 0 : action === undefined ? shownMs : shownWithActionMs
        manager.add({
          ...(topic === undefined ? {} : { id: topic }),
          title,
          description: text,
          type: tone,
          timeout: lasting,
          data: { action },
        })
      },
    }),
    [manager],
  )
  return (
    <ToastsContext.Provider value={toasts}>
      <BaseToast.Provider toastManager={manager} limit={4}>
        {children}
        <BaseToast.Portal>
          <BaseToast.Viewport className={styles.viewport}>
            <ToastList />
          </BaseToast.Viewport>
        </BaseToast.Portal>
      </BaseToast.Provider>
    </ToastsContext.Provider>
  )
}

const icons: Readonly<Record<ToastTone, ReactNode>> = {
  info: <Info size={16} aria-hidden="true" />,
  good: <CircleCheck size={16} aria-hidden="true" />,
  warn: <TriangleAlert size={16} aria-hidden="true" />,
  bad: <OctagonAlert size={16} aria-hidden="true" />,
}

function ToastList() {
  const { toasts, close } = BaseToast.useToastManager<ToastData>()
  return toasts.map((toast) => {
    const tone = (toast.type ?? 'info') as ToastTone
    const action = toast.data?.action
    return (
      <BaseToast.Root key={toast.id} toast={toast} className={styles.toast} swipeDirection={[]}>
        <span className={classNames(styles.icon, styles[tone])}>{icons[tone]}</span>
        <BaseToast.Content className={styles.content}>
          <BaseToast.Title className={styles.title} />
          <BaseToast.Description className={styles.text} />
        </BaseToast.Content>
        {action === undefined ? null : (
          <Button
            size="small"
            onClick={() => {
              close(toast.id)
              action.run()
            }}
          >
            {action.label}
          </Button>
        )}
        <BaseToast.Close
          aria-label="Dismiss"
          // It can be focused at any time, so it must never be hidden from screen readers.
          aria-hidden={false}
          render={<IconButton label="Dismiss" size="small" icon={<X size={14} aria-hidden="true" />} />}
        />
      </BaseToast.Root>
    )
  })
}
