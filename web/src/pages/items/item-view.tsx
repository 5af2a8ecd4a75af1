import { Alert, Anchor, Grid, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link } from 'react-router';
import type { CombinedError } from 'urql';

import { userPath } from '../../app/paths';
import { GuardedButton } from '../../components/change/guard';
import { Codes } from '../../components/codes/codes';
import { formatCount, formatDateTime, formatShare, itemName } from '../../components/format/format';
import { Icon } from '../../components/icon/icon';
import { InteractionsPanel } from '../../components/interactions/interactions-panel';
import { ItemList } from '../../components/item-list/item-list';
import { BackLink, Page } from '../../components/page/page';
import { usePages } from '../../components/pages/use-pages';
import { Panel } from '../../components/panel/panel';
import { LIST_REASONS } from '../../components/recommendation/source-badge';
import { Failure } from '../../components/states/failure';
import { QueryView } from '../../components/states/query-view';
import { useFreshQuery } from '../../components/states/use-fresh-query';
import { useListRenewal } from '../../components/states/use-renewal';
import { ItemCompanionsDocument, type ItemDetailQuery, ItemInteractionsDocument } from '../../graphql/graphql';
import { EditDialog } from './edit-dialog';
import { FieldsPanel } from './fields-panel';
import { RemoveDialog, useItemChanges } from './item-changes';
import { SemanticIdPanel } from './semantic-id-panel';

interface ItemViewProps {
  readonly item: NonNullable<ItemDetailQuery['item']>;
  /** Why it could not be loaded anew. */
  readonly error?: CombinedError;
  readonly refetch: () => void;
}

export function ItemView({ item, error, refetch }: ItemViewProps) {
  const [isEditing, edit] = useDisclosure(false);
  const [isRemoving, removal] = useDisclosure(false);
  const changes = useItemChanges(refetch);
  return (
    <Page
      title={itemName(item)}
      lead={`Item ${item.externalId}`}
      above={<BackLink to="/items">Items</BackLink>}
      actions={
        item.removedAt == null && (
          <>
            <GuardedButton
              needs="ADMIN"
              deed="Editing an item"
              variant="default"
              leftSection={<Icon name="edit" size={16} />}
              onClick={edit.open}
            >
              Edit
            </GuardedButton>
            <GuardedButton
              needs="ADMIN"
              deed="Removing an item"
              variant="default"
              leftSection={<Icon name="remove" size={16} />}
              onClick={removal.open}
            >
              Remove
            </GuardedButton>
          </>
        )
      }
    >
      {error && <Failure error={error} title="The item could not be loaded anew" onRetry={refetch} />}
      {item.removedAt != null && (
        <Alert color="yellow" title={`Removed on ${formatDateTime(item.removedAt)}`}>
          <Stack gap="xs" align="flex-start">
            It is not recommended. Its interactions are kept.
            <GuardedButton
              needs="ADMIN"
              deed="Restoring an item"
              size="xs"
              variant="default"
              loading={changes.isRunning}
              onClick={() => void changes.restore([item])}
            >
              Restore it
            </GuardedButton>
          </Stack>
        </Alert>
      )}
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Stack gap="lg">
            <FieldsPanel item={item} />
            <ItemInteractionsPanel externalId={item.externalId} count={item.interactionCount} />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Stack gap="lg">
            <SemanticIdPanel semanticId={item.semanticId ?? null} isRemoved={item.removedAt != null} />
            <Panel title="Similar items" note="share the longest prefix of the semantic ID" isFlush>
              <ItemList
                items={item.similarItems.nodes}
                aside={({ semanticId }) => semanticId && <Codes codes={semanticId.codes} />}
                empty={
                  item.semanticId
                    ? 'No other item shares a code with it.'
                    : 'It has no semantic ID that others could share.'
                }
              />
            </Panel>
            <CompanionsPanel externalId={item.externalId} />
          </Stack>
        </Grid.Col>
      </Grid>
      {isEditing && <EditDialog isOpen item={item} onClose={edit.close} />}
      <RemoveDialog isOpen={isRemoving} items={[item]} changes={changes} onClose={removal.close} />
    </Page>
  );
}

/** Items that are likely next for someone whose history is this item alone. */
function CompanionsPanel({ externalId }: { readonly externalId: string }) {
  const [result, refetch] = useFreshQuery({ query: ItemCompanionsDocument, variables: { externalId } });
  useListRenewal(result.fetching, () => refetch({ requestPolicy: 'network-only' }));
  const list = result.data?.item?.recommendations;
  return (
    <Panel
      title="Goes with"
      note={
        list &&
        (list.modelVersion ? `as model version ${list.modelVersion.number} has learned it` : LIST_REASONS[list.reason])
      }
      isFlush
    >
      <QueryView result={result} what="What goes with it" onRetry={refetch}>
        {({ item: of }) => (
          <ItemList
            items={(of?.recommendations?.nodes ?? []).map(({ item, score }) => ({ ...item, score }))}
            aside={({ score }) => (
              <Text size="xs" c="dimmed" className="numeric">
                {formatShare(Math.exp(score))}
              </Text>
            )}
            empty="Nothing."
          />
        )}
      </QueryView>
    </Panel>
  );
}

interface ItemInteractionsPanelProps {
  readonly externalId: string;
  /** Null: the key does not let the caller see it. */
  readonly count: number | null;
}

function ItemInteractionsPanel({ externalId, count }: ItemInteractionsPanelProps) {
  const pages = usePages({
    query: ItemInteractionsDocument,
    variables: { externalId, first: 10 },
    select: (data) => data.item?.interactions,
  });
  return (
    <InteractionsPanel
      title="Interactions"
      note={count === null ? '' : `${formatCount(count)}, last recorded first`}
      pages={pages}
      empty="Nobody has done anything with it so far."
      other={{
        header: 'User',
        render: ({ user }) => (
          <Anchor component={Link} to={userPath(user.externalId)} size="sm">
            {user.externalId}
          </Anchor>
        ),
      }}
    />
  );
}
