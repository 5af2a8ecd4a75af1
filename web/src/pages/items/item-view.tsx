import { Alert, Grid, Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { CombinedError } from 'urql';

import { GuardedButton } from '../../components/change/guarded-button';
import { Codes } from '../../components/codes/codes';
import { formatDateTime } from '../../components/format/format';
import { Icon } from '../../components/icon/icon';
import { ItemList } from '../../components/item-list/item-list';
import { itemName } from '../../components/item-list/item-name';
import { BackLink } from '../../components/page/back-link';
import { Page } from '../../components/page/page';
import { Panel } from '../../components/panel/panel';
import { Failure } from '../../components/states/failure';
import type { ItemDetailQuery } from '../../graphql/graphql';
import { CompanionsPanel } from './companions-panel';
import { EditDialog } from './edit-dialog';
import { FieldsPanel } from './fields-panel';
import { ItemInteractionsPanel } from './item-interactions-panel';
import { RemoveDialog } from './remove-dialog';
import { SemanticIdPanel } from './semantic-id-panel';
import { useItemChanges } from './use-item-changes';

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
