import { Alert, List, Stack, Text } from '@mantine/core';

import { type RecommendationOptions, WhyNotHereDocument, type WhyNotHereQuery } from '../../graphql/graphql';
import { formatShare } from '../format/format';
import { ItemLink } from '../item-list/item-list';
import { Panel } from '../panel/panel';
import { ItemPicker } from '../pickers/pickers';
import { QueryView } from '../states/query-view';
import { useFreshQuery } from '../states/use-fresh-query';
import { textValue, useUrlState } from '../url-state/use-url-state';

/** `not`: the external ID of the item that is asked about; empty: none. */
const STATE = { not: textValue };

interface WhyNotPanelProps {
  /** The list: for whom, and how it is made. */
  readonly list: {
    readonly user?: string;
    readonly history?: string[];
    readonly first: number;
    readonly options?: RecommendationOptions;
    readonly placement?: string;
  };
}

/** Says why a list does not have an item, and what would change that. */
export function WhyNotPanel({ list }: WhyNotPanelProps) {
  const [{ not }, setState] = useUrlState(STATE);
  const [result, ask] = useFreshQuery({
    query: WhyNotHereDocument,
    variables: { ...list, item: not },
    pause: not === '',
  });
  return (
    <Panel title="Why not?" note="why an item is not in this list">
      <Stack gap="sm">
        <ItemPicker label="What is missing" onPick={({ externalId }) => setState({ not: externalId })} />
        {not !== '' && (
          <QueryView result={result} what="The reason" lines={2} onRetry={() => ask({ requestPolicy: 'network-only' })}>
            {({ whyNot }) =>
              whyNot == null ? <Text size="sm">No item has the ID {not}.</Text> : <Answer {...whyNot} />
            }
          </QueryView>
        )}
      </Stack>
    </Panel>
  );
}

function Answer({
  item,
  text,
  reasons,
  score,
  lastScore,
  groupItem,
  wouldHelp,
}: NonNullable<WhyNotHereQuery['whyNot']>) {
  const isCompared = reasons.includes('LESS_LIKELY') && score != null && lastScore != null;
  return (
    <Alert color={reasons.includes('LISTED') ? 'green' : 'gray'} variant="light" role="status">
      <Stack gap={6}>
        <ItemLink item={item} lines={2} fw={600} picture={32} />
        <Text size="sm">
          {text}
          {isCompared &&
            ` It has a probability of ${formatShare(Math.exp(score))}, the last one of the list ${formatShare(Math.exp(lastScore))}.`}
        </Text>
        {groupItem != null && <ItemLink item={groupItem} lines={1} />}
        {wouldHelp.length > 0 && (
          <List size="sm" aria-label="What would help">
            {wouldHelp.map(({ text }) => (
              <List.Item key={text}>{text}</List.Item>
            ))}
          </List>
        )}
      </Stack>
    </Alert>
  );
}
