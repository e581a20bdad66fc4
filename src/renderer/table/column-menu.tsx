import { Menu as BaseMenu } from '@base-ui/react/menu'
import { Check, Columns3 } from 'lucide-react'
import { Button } from '../ui/button.tsx'
import menuStyles from '../ui/menu.module.css'
import { Menu, MenuItem, MenuSeparator } from '../ui/menu.tsx'
import { type Column, type ColumnLayout, isShown, toggleColumn, untouchedLayout } from './column.ts'

export interface ColumnMenuProps<Row> {
  readonly columns: readonly Column<Row>[]
  readonly layout: ColumnLayout
  readonly onLayoutChange: (layout: ColumnLayout) => void
}

/** Chooses which columns are shown. */
export function ColumnMenu<Row>({ columns, layout, onLayoutChange }: ColumnMenuProps<Row>) {
  return (
    <Menu align="end" trigger={<Button icon={<Columns3 size={14} aria-hidden="true" />}>Columns</Button>}>
      {columns.map((column) =>
        column.fixed === true ? null : (
          <BaseMenu.CheckboxItem
            key={column.id}
            className={menuStyles.item}
            checked={isShown(column, layout)}
            onCheckedChange={() => onLayoutChange(toggleColumn(layout, column))}
            closeOnClick={false}
          >
            <span className={menuStyles.words}>{column.title}</span>
            <BaseMenu.CheckboxItemIndicator>
              <Check size={14} aria-hidden="true" />
            </BaseMenu.CheckboxItemIndicator>
          </BaseMenu.CheckboxItem>
        ),
      )}
      <MenuSeparator />
      <MenuItem onSelect={() => onLayoutChange(untouchedLayout)}>Reset columns</MenuItem>
    </Menu>
  )
}
