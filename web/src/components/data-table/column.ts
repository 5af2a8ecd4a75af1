import type { ReactNode } from 'react';

export interface Column<T> {
  readonly id: string;
  readonly header: string;
  /** A width as CSS grids have it, such as `minmax(160px, 2fr)`; the least widths of those that are not minor fit into 270 px. */
  readonly width: string;
  readonly isNumeric?: boolean;
  /** Left out where the table is narrow. */
  readonly isMinor?: boolean;
  /** Whether the header offers to sort by it. */
  readonly isSortable?: boolean;
  readonly render: (row: T) => ReactNode;
  /** One line of small text below it where the table is narrow: what a minor column says, and must not be missed. */
  readonly renderBelow?: (row: T) => ReactNode;
}

export interface Sorting {
  readonly column: string;
  readonly isDescending: boolean;
}
