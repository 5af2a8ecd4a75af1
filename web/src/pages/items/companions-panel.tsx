import { Text } from '@mantine/core';

import { formatProbability } from '../../components/format/format';
import { ItemList } from '../../components/item-list/item-list';
import { Panel } from '../../components/panel/panel';
import { QueryView } from '../../components/states/query-view';
import { useFreshQuery } from '../../components/states/use-fresh-query';
import { useListRenewal } from '../../components/states/use-renewal';
import { ItemCompanionsDocument } from '../../graphql/graphql';

/** What is likely to come next for someone who has this item alone. */
export function CompanionsPanel({ externalId }: { readonly externalId: string }) {
  const [result, refetch] = useFreshQuery({ query: ItemCompanionsDocument, variables: { history: [externalId] } });
  useListRenewal(result.fetching, () => refetch({ requestPolicy: 'network-only' }));
  const version = result.data?.recommendations.modelVersion;
  return (
    <Panel
      title="Goes with"
      note={
        result.data &&
        (version ? `as model version ${version.number} has learned it` : 'most popular; no model is active')
      }
      isFlush
    >
      <QueryView result={result} what="What goes with it" onRetry={refetch}>
        {({ recommendations }) => (
          <ItemList
            items={recommendations.nodes.map(({ item, score }) => ({ ...item, score }))}
            aside={({ score }) => (
              <Text size="xs" c="dimmed" className="numeric">
                {formatProbability(Math.exp(score))}
              </Text>
            )}
            empty="Nothing."
          />
        )}
      </QueryView>
    </Panel>
  );
}
