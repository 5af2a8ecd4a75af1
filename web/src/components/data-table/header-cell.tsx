import { Icon } from '../icon/icon';
import type { Column, Sorting } from './column';
import classes from './data-table.module.css';

interface HeaderCellProps<T> {
  readonly column: Column<T>;
  readonly sorting?: Sorting;
  readonly onSort?: (column: string) => void;
}

/** A column's name; a button where the table can be sorted by it. */
export function HeaderCell<T>({ column, sorting, onSort }: HeaderCellProps<T>) {
  const { id, header, isNumeric, isSortable = false } = column;
  const isSorted = sorting?.column === id;
  const order = sorting?.isDescending ? 'descending' : 'ascending';
  return (
    <div
      role="columnheader"
      className={classes.headCell}
      data-numeric={isNumeric || undefined}
      aria-sort={isSortable ? (isSorted ? order : 'none') : undefined}
    >
      {isSortable && onSort ? (
        <button type="button" className={classes.sort} data-sorted={isSorted || undefined} onClick={() => onSort(id)}>
          {header}
          <Icon name={isSorted && sorting?.isDescending ? 'down' : 'up'} size={13} />
        </button>
      ) : (
        header
      )}
    </div>
  );
}
