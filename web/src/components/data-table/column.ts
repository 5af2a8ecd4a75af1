import type { ReactNode } from 'react';

export interface Column<T> {
  readonly id: string;
  readonly header: string;
  /** A width as CSS grids have it, such as `minmax(160px, 2fr)`; the least widths of those that are not minor fit into 270 px. */
  readonly width: string;
  readonly isNumeric?: boolean;
  /** Left out where the table has no room for it. */
  readonly isMinor?: boolean;
  /** Where a minor column is left out: the column below whose text its value stands, in small letters. */
  readonly standsBelow?: string;
  readonly isSortable?: boolean;
  readonly render: (row: T) => ReactNode;
}

export interface Sorting {
  readonly column: string;
  readonly isDescending: boolean;
}

/** Comfortable width of one `fr`. */
const SHARE_PX = 80;
/** At both ends of a row. */
const ROW_PADDING_PX = 12;

type Sized = Pick<Column<never>, 'width' | 'isMinor'>;

/** @returns Those that are read at ease in a table of this width: of the minor ones the last goes first. */
export function fittingColumns<C extends Sized>(columns: readonly C[], tableWidth: number): readonly C[] {
  const total = columns.reduce((sum, { width }) => sum + easyWidth(width), ROW_PADDING_PX);
  if (total <= tableWidth) return columns;
  const lastMinor = columns.findLastIndex(({ isMinor }) => isMinor);
  return lastMinor < 0 ? columns : fittingColumns(columns.toSpliced(lastMinor, 1), tableWidth);
}

/** @param width - As CSS grids have it, such as `minmax(160px, 2fr)`. */
function easyWidth(width: string): number {
  const [least = 0, share = 0] = [/([\d.]+)px/, /([\d.]+)fr/].map((unit) => Number(unit.exec(width)?.[1] ?? 0));
  return Math.max(least, share * SHARE_PX);
}
