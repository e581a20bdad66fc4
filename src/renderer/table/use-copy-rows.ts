import { toErrorData } from '../../shared/errors.ts'
import { formatPlural } from '../ui/format.ts'
import { useToasts } from '../ui/toast.tsx'
import type { Column } from './column.ts'
import { type CopyFormat, rowsAsText } from './copy-rows.ts'

/** Copies the selected rows with the columns that are shown, and says so. */
export function useCopyRows<Row>(
  selection: ReadonlyMap<string, Row>,
  columns: readonly Column<Row>[],
  noun: string,
): (format: CopyFormat) => void {
  const toasts = useToasts()
  return (format) => {
    navigator.clipboard.writeText(rowsAsText(format, [...selection.values()], columns)).then(
      () => toasts.show({ tone: 'good', title: `Copied ${formatPlural(selection.size, noun)} as ${format}` }),
      (error: unknown) => toasts.show({ tone: 'bad', title: 'Could not copy', text: toErrorData(error).message }),
    )
  }
}
