import type { ReactNode } from 'react';

export interface Column<T> {
  readonly id: string;
  readonly header: string;
  /** A width as CSS grids have it, such as `minmax(160px, 2fr)`; the least widths of those that are not minor fit into 270 px. */
  readonly width: string;
  readonly isNumeric?: boolean;
  /** Left out where the table has no room for it. */
  readonly isMinor?: boolean;
  /** Of a minor one that must not be missed: the column below whose text it stands, in small letters, where it is left out. */
  readonly standsBelow?: string;
  /** Whether the header offers to sort by it. */
  readonly isSortable?: boolean;
  readonly render: (row: T) => ReactNode;
}

export interface Sorting {
  readonly column: string;
  readonly isDescending: boolean;
}
