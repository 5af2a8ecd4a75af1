import { List, Text } from '@mantine/core';
import { useState } from 'react';

import { ConfirmDialog } from '../../components/change/confirm-dialog';
import type { Problem } from '../../components/change/problem';
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
  readonly onRemoved?: () => void;
}

/** Names the items before they go. */
export function RemoveDialog({ isOpen, items: chosen, changes, onClose, onRemoved }: RemoveDialogProps) {
  const items = useLast(chosen.length > 0 ? chosen : null) ?? chosen;
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const close = () => {
    setProblems([]);
    onClose();
  };
  const confirm = async () => {
    const found = await changes.remove(items);
    setProblems(found);
    if (found.length > 0) return;
    close();
    onRemoved?.();
  };
  return (
    <ConfirmDialog
      isOpen={isOpen}
      title={`Remove ${plural(items.length, 'item')}?`}
      deed={`Remove ${plural(items.length, 'item')}`}
      isRunning={changes.isRunning}
      problems={problems}
      onConfirm={() => void confirm()}
      onClose={close}
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
