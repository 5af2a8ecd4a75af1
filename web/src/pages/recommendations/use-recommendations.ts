import { type FreshResult, useFreshQuery } from '../../components/states/use-fresh-query';
import { useListRenewal } from '../../components/states/use-renewal';
import { type FullListFragment, MadeListDocument } from '../../graphql/graphql';
import { optionsOf, type Settings, type Subject, variablesOf } from './recommendations-state';

export const LENGTH = 15;

/** @returns The list for a subject under some settings. */
export function useRecommendations(
  subject: Subject,
  settings: Settings,
): { readonly result: FreshResult<FullListFragment>; reload(): void } {
  const variables = { ...variablesOf(subject), first: LENGTH, options: optionsOf(settings) };
  const whose = subject.kind === 'user' ? subject.externalId : 'a history';
  const [{ data, ...rest }, refetch] = useFreshQuery({ query: MadeListDocument, variables }, whose);
  const reload = () => refetch({ requestPolicy: 'network-only' });
  // A version that was chosen makes its list whichever one is active.
  useListRenewal(rest.fetching || settings.version !== '', reload);
  return { result: { ...rest, data: data?.recommendations ?? undefined }, reload };
}
