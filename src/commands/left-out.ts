/** What the commands that read a dataset say of what they leave out. */
import { MAX_CATEGORIES, MAX_DESCRIPTION, MAX_NAME, MAX_TITLE } from '../../graphql/common/limits';
import type { Dataset } from '../datasets/dataset';

export const SKIP_UNKNOWN_OPTION = [
  '--skip-unknown-items',
  'leave out events of items that the folder does not list, in place of an error',
] as const;

const LENGTHS = `title ${MAX_TITLE} characters, description ${MAX_DESCRIPTION}, brand ${MAX_NAME}, ${MAX_CATEGORIES} categories of ${MAX_NAME}`;

type LeftOut = Pick<Dataset, 'merged' | 'skipped' | 'embeddings' | 'cut'>;

/** @returns One line for each reason for which something is left out. */
export function leftOut({ merged, skipped, embeddings, cut }: LeftOut): string[] {
  return [
    ...(skipped > 0 ? [`Left out ${skipped} events of unknown items`] : []),
    ...(merged > 0
      ? [`Left out ${merged} events that repeat another: the same user, item and time, or the same event id`]
      : []),
    ...(embeddings > 0
      ? [
          `Left out the "embedding" of ${embeddings} items: vectors are read from vectors.json and the file that it describes`,
        ]
      : []),
    ...(cut > 0 ? [`Cut the texts of ${cut} items to the lengths that the API takes: ${LENGTHS}`] : []),
  ];
}
