/** A table of rows that come a page at a time. */
import { Skeleton } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import type { ReactNode } from 'react';

import { Icon } from '../icon/icon';
import { TurnPages } from '../pages/turn-pages';
import type { Pages } from '../pages/use-pages';
import { Failure } from '../states/failure';
import { type Column, fittingColumns, type Sorting } from './column';
import classes from './data-table.module.css';

interface DataTableProps<T> {
  readonly label: string;
  readonly pages: Pages<T>;
  readonly columns: readonly Column<T>[];
  /** Absent: nothing but its place tells a row. */
  readonly keyOf?: (row: T) => string;
  readonly sorting?: Sorting;
  readonly onSort?: (column: string) => void;
  readonly empty: ReactNode;
  /** Subject of the message when loading fails, such as `The items`. */
  readonly what: string;
}

/** In a narrower table, as on a telephone, cells stand closer. */
const NARROW_PX = 480;
const SKELETON_ROWS = 12;

export function DataTable<T>({ label, pages, columns, keyOf, sorting, onSort, empty, what }: DataTableProps<T>) {
  const { rows, isLoading, error, reload } = pages;
  const { ref, width } = useElementSize();
  const visible = fittingColumns(columns, width);
  const hidden = columns.filter((column) => !visible.includes(column));
  const style = { gridTemplateColumns: visible.map(({ width }) => width).join(' ') };
  return (
    <div ref={ref} className={classes.table} data-narrow={width < NARROW_PX || undefined}>
      <div role="table" aria-label={label} aria-busy={isLoading}>
        <div role="rowgroup" className={classes.head}>
          <div role="row" className={classes.row} style={style}>
            {visible.map((column) => (
              <HeaderCell key={column.id} column={column} sorting={sorting} onSort={onSort} />
            ))}
          </div>
        </div>
        <div role="rowgroup" className={classes.body}>
          {rows.map((row, index) => (
            <div key={keyOf?.(row) ?? index} role="row" className={classes.row} style={style}>
              {visible.map(({ id, isNumeric, render }) => (
                <div
                  key={id}
                  role="cell"
                  className={classes.cell}
                  data-numeric={isNumeric || undefined}
                  // Text that is too long is cut at its end, also in a script that runs from right to left.
                  dir={isNumeric ? undefined : 'auto'}
                >
                  {render(row)}
                  {hidden
                    .filter(({ standsBelow }) => standsBelow === id)
                    .map((below) => (
                      <div key={below.id} className={classes.below}>
                        {below.render(row)}
                      </div>
                    ))}
                </div>
              ))}
            </div>
          ))}
        </div>
        {rows.length === 0 && isLoading && <SkeletonRows columns={visible.length} style={style} />}
      </div>
      <div className={classes.foot} role="status">
        {rows.length === 0 && !isLoading && !error && empty}
      </div>
      <div className={classes.foot}>
        {error && <Failure error={error} title={`${what} could not be loaded`} onRetry={reload} />}
      </div>
      <TurnPages pages={pages} />
    </div>
  );
}

function SkeletonRows({ columns, style }: { readonly columns: number; readonly style: object }) {
  return (
    <div role="rowgroup" aria-hidden>
      {Array.from({ length: SKELETON_ROWS }, (_, row) => (
        <div key={row} role="row" className={classes.row} style={style}>
          {Array.from({ length: columns }, (_, column) => (
            <div key={column} role="cell" className={classes.cell}>
              <Skeleton height={10} width={column === 0 ? '70%' : '50%'} />
            </div>
          ))}
        </div>
      ))}
    </div>
  );
}

interface HeaderCellProps<T> {
  readonly column: Column<T>;
  readonly sorting?: Sorting;
  readonly onSort?: (column: string) => void;
}

/** A column's name; a button where the table can be sorted by it. */
function HeaderCell<T>({ column, sorting, onSort }: HeaderCellProps<T>) {
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
