import { List, Text } from '@mantine/core';

import { ConfirmDialog } from '../../components/change/confirm-dialog';
import { useConfirmation } from '../../components/change/use-confirmation';
import { useLast } from '../../components/change/use-last';
import { plural } from '../../components/format/plural';
import { itemName } from '../../components/item-list/item-name';
import type { ItemChanges, NamedItem } from './use-item-changes';

const NAMED = 5;

interface RemoveDialogProps {
  readonly isOpen: boolean;
  readonly items: readonly NamedItem[];
  readonly changes: ItemChanges;
  readonly onClose: () => void;
}

/** Names the items before they go. */
export function RemoveDialog({ isOpen, items: chosen, changes, onClose }: RemoveDialogProps) {
  const items = useLast(chosen.length > 0 ? chosen : null) ?? chosen;
  const confirmation = useConfirmation(onClose, () => changes.remove(items));
  return (
    <ConfirmDialog
      isOpen={isOpen}
      title={`Remove ${plural(items.length, 'item')}?`}
      deed={`Remove ${plural(items.length, 'item')}`}
      isRunning={changes.isRunning}
      {...confirmation}
    >
      <List size="sm" mb="xs">
        {items.slice(0, NAMED).map((item) => (
          <List.Item key={item.id}>
            <Text span size="sm" lineClamp={2}>
              <bdi>{itemName(item)}</bdi>
            </Text>
          </List.Item>
        ))}
        {items.length > NAMED && <List.Item>and {items.length - NAMED} more</List.Item>}
      </List>
      <Text size="sm" c="dimmed">
        They are recommended no longer. Their interactions stay, and they can be restored.
      </Text>
    </ConfirmDialog>
  );
}
