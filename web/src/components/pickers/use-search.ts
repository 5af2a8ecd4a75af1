import { useDebouncedValue } from '@mantine/hooks';

import { describeError, isRefused } from '../states/describe-error';
import type { FreshResult } from '../states/use-fresh-query';

const WAIT_MS = 200;

export interface Search {
  readonly searched: string;
  /** Whether more is typed than is asked for. */
  readonly isTyping: boolean;
}

/** @param chosen - The text of the choice: nothing is searched for as long as it stands in the field. */
export function useSearch(text: string, chosen: string): Search {
  const typed = text.trim() === chosen ? '' : text.trim();
  const [searched] = useDebouncedValue(typed, WAIT_MS);
  return { searched, isTyping: searched !== typed };
}

/**
 * The options of a picker. Options of an older search are left out: Enter would choose one that nobody typed.
 *
 * @param nothing - What the picker says when nothing is found.
 */
export function offers(
  { isTyping }: Search,
  results: readonly Pick<FreshResult<unknown>, 'fetching' | 'error'>[],
  nothing: string,
) {
  const isSearching = isTyping || results.some(({ fetching }) => fetching);
  const error = results.map((result) => result.error).find((found) => found !== undefined);
  const failed = error && (isRefused(error) ? describeError(error) : 'The search failed. Type on to try it again.');
  return {
    filter: <Option>({ options }: { options: Option[] }) => (isSearching ? [] : options),
    nothingFoundMessage: isSearching ? 'Searching…' : (failed ?? nothing),
  };
}
