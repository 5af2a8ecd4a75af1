import { type CombinedError, useQuery } from 'urql';

import { type FullListFragment, HistoryListsDocument, UserListsDocument } from '../../graphql/graphql';
import { optionsOf, type Settings, type Subject } from './recommendations-state';

const LENGTH = 15;

export interface ListResult {
  /** Null: there is no such user. */
  readonly data?: FullListFragment | null;
  readonly error?: CombinedError;
  readonly fetching: boolean;
}

/** @returns The list for a subject under some settings. */
export function useRecommendations(
  subject: Subject,
  settings: Settings,
): { readonly result: ListResult; reload(): void } {
  const options = optionsOf(settings);
  const isUser = subject.kind === 'user';
  const [ofUser, reloadUser] = useQuery({
    query: UserListsDocument,
    variables: { externalId: isUser ? subject.externalId : '', first: LENGTH, options },
    pause: !isUser,
  });
  const [ofHistory, reloadHistory] = useQuery({
    query: HistoryListsDocument,
    variables: { history: isUser ? [] : [...subject.history], first: LENGTH, options },
    pause: isUser,
  });
  if (isUser) {
    const { data, error, fetching } = ofUser;
    return {
      result: { data: data && (data.user?.recommendations ?? null), error, fetching },
      reload: () => reloadUser(),
    };
  }
  const { data, error, fetching } = ofHistory;
  return { result: { data: data?.recommendations, error, fetching }, reload: () => reloadHistory() };
}
