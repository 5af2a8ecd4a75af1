import { type CombinedError } from 'urql';

import { useFreshQuery } from '../../components/states/use-fresh-query';
import { useListRenewal } from '../../components/states/use-renewal';
import { type FullListFragment, HistoryListsDocument, UserListsDocument } from '../../graphql/graphql';
import { optionsOf, type Settings, type Subject } from './recommendations-state';

const LENGTH = 15;

export interface ListResult {
  /** Null: there is no such user. */
  readonly data?: FullListFragment | null;
  readonly error?: CombinedError;
  readonly fetching: boolean;
  /** Whether it was made under former settings. */
  readonly isFormer: boolean;
}

/** @returns The list for a subject under some settings. */
export function useRecommendations(
  subject: Subject,
  settings: Settings,
): { readonly result: ListResult; reload(): void } {
  const options = optionsOf(settings);
  const isUser = subject.kind === 'user';
  const whose = isUser ? subject.externalId : 'a history';
  const [ofUser, reloadUser] = useFreshQuery(
    {
      query: UserListsDocument,
      variables: { externalId: isUser ? subject.externalId : '', first: LENGTH, options },
      pause: !isUser,
    },
    whose,
  );
  const [ofHistory, reloadHistory] = useFreshQuery(
    {
      query: HistoryListsDocument,
      variables: { history: isUser ? [] : [...subject.history], first: LENGTH, options },
      pause: isUser,
    },
    whose,
  );
  const result: ListResult = isUser
    ? { ...ofUser, data: ofUser.data && (ofUser.data.user?.recommendations ?? null) }
    : { ...ofHistory, data: ofHistory.data?.recommendations };
  const reload = () => (isUser ? reloadUser : reloadHistory)({ requestPolicy: 'network-only' });
  // A version that was chosen makes its list whichever one is active.
  useListRenewal(result.fetching || settings.version !== '', reload);
  return { result, reload };
}
