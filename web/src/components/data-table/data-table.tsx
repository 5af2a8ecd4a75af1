/** A table of any length: only the rows on the screen exist, and the next page is asked for before its end is seen. */
import { Skeleton } from '@mantine/core';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';

import { Icon } from '../icon/icon';
import type { Pages } from '../pages/use-pages';
import { Failure } from '../states/failure';
import { type Column, fittingColumns, type Sorting } from './column';
import classes from './data-table.module.css';

interface DataTableProps<T> {
  readonly label: string;
  readonly pages: Pages<T>;
  readonly columns: readonly Column<T>[];
  readonly keyOf: (row: T, index: number) => string;
  readonly total?: number | null;
  readonly sorting?: Sorting;
  readonly onSort?: (column: string) => void;
  readonly empty: ReactNode;
  /** Subject of the message when loading fails, such as `The items`. */
  readonly what: string;
}

const ROW_HEIGHT_PX = 42;
/** In a narrower table, as on a telephone, cells stand closer. */
const NARROW_PX = 480;
/** The next page is asked for this many rows before the end of those that are loaded. */
const ROWS_AHEAD = 40;
const SKELETON_ROWS = 12;

export function DataTable<T>(props: DataTableProps<T>) {
  const { label, pages, columns, keyOf, total, sorting, onSort, empty, what } = props;
  const { rows, isLoading, error, hasMore, loadMore, retry } = pages;
  const table = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(Infinity);
  const [top, setTop] = useState(0);

  useLayoutEffect(() => {
    const element = table.current;
    if (element === null) return;
    const measure = () => {
      setWidth(element.clientWidth);
      setTop(element.getBoundingClientRect().top + window.scrollY);
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    // The content above the table may grow.
    observer.observe(document.body);
    return () => observer.disconnect();
  }, []);

  const virtualizer = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => ROW_HEIGHT_PX,
    overscan: 12,
    scrollMargin: top,
  });
  const shown = virtualizer.getVirtualItems();
  const lastShown = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && !isLoading && lastShown >= rows.length - ROWS_AHEAD) loadMore();
  }, [hasMore, isLoading, lastShown, rows.length, loadMore]);

  const visible = fittingColumns(columns, width);
  const hidden = columns.filter((column) => !visible.includes(column));
  const style = { gridTemplateColumns: visible.map(({ width }) => width).join(' ') };
  const isEmpty = rows.length === 0 && !isLoading && error === null;
  return (
    <div ref={table} className={classes.table} data-narrow={width < NARROW_PX || undefined}>
      <div
        role="table"
        aria-label={label}
        aria-busy={isLoading}
        aria-rowcount={total == null ? -1 : total + 1}
        aria-colcount={visible.length}
      >
        <div role="rowgroup" className={classes.head}>
          <div role="row" aria-rowindex={1} className={classes.row} style={style}>
            {visible.map((column) => (
              <HeaderCell key={column.id} column={column} sorting={sorting} onSort={onSort} />
            ))}
          </div>
        </div>
        {rows.length > 0 && (
          <div role="rowgroup" className={classes.body} style={{ height: virtualizer.getTotalSize() }}>
            {shown.map(({ index, start }) => (
              <div
                key={keyOf(rows[index], index)}
                role="row"
                aria-rowindex={index + 2}
                className={classes.row}
                style={{ ...style, position: 'absolute', transform: `translateY(${start - top}px)` }}
              >
                {visible.map((column) => (
                  <div
                    key={column.id}
                    role="cell"
                    className={classes.cell}
                    data-numeric={column.isNumeric || undefined}
                    // Text that is too long is cut at its end, also in a script that runs from right to left.
                    dir={column.isNumeric ? undefined : 'auto'}
                  >
                    {column.render(rows[index])}
                    {hidden
                      .filter(({ standsBelow }) => standsBelow === column.id)
                      .map(({ id, render }) => (
                        <div key={id} className={classes.below}>
                          {render(rows[index])}
                        </div>
                      ))}
                  </div>
                ))}
              </div>
            ))}
          </div>
        )}
        {rows.length === 0 && isLoading && <SkeletonRows columns={visible.length} style={style} />}
      </div>
      <div className={classes.foot} role="status">
        {isEmpty && empty}
      </div>
      <div className={classes.foot}>
        {error && <Failure error={error} title={`${what} could not be loaded`} onRetry={retry} />}
        {rows.length > 0 && isLoading && 'Loading more…'}
      </div>
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
