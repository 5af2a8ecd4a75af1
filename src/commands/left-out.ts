/** What the commands that read a dataset say of events that they leave out. */
import type { Dataset } from '../datasets/dataset';

export const SKIP_UNKNOWN_OPTION = [
  '--skip-unknown-items',
  'leave out events of items that the folder does not list, in place of an error',
] as const;

/** @returns One line for each reason for which events are left out. */
export function leftOut({ merged, skipped }: Pick<Dataset, 'merged' | 'skipped'>): string[] {
  return [
    ...(skipped > 0 ? [`Left out ${skipped} events of unknown items`] : []),
    ...(merged > 0
      ? [`Left out ${merged} events that repeat another: the same user, item and time, or the same event id`]
      : []),
  ];
}
