import type { CombinedError } from 'urql';

import { plural } from './plural';

interface CountLineProps {
  /** Null: it is not known. */
  readonly total: number | null;
  /** What is counted, such as `item`. */
  readonly one: string;
  readonly error?: CombinedError;
}

/** How many there are of something, or why that is not said; a screen reader hears it when it changes. */
export function CountLine({ total, one, error }: CountLineProps) {
  const unknown = error ? 'The count could not be loaded.' : 'Counting…';
  return <span role="status">{total === null ? unknown : plural(total, one)}</span>;
}
