import { List, Text } from '@mantine/core';
import { useState } from 'react';

import { noteOwnChange } from '../../app/catalogue-changes';
import { announce, announceFailure } from '../../components/change/announce';
import { ConfirmDialog } from '../../components/change/confirm-dialog';
import { type Problem, useChange } from '../../components/change/use-change';
import { itemName, plural } from '../../components/format/format';
import { type ItemNameFragment, RemoveItemsDocument, RestoreItemsDocument } from '../../graphql/graphql';

const NAMED = 5;

interface RemoveDialogProps {
  readonly isOpen: boolean;
  readonly items: readonly NamedItem[];
  readonly changes: ItemChanges;
  readonly onClose: () => void;
}

export function RemoveDialog({ isOpen, items, changes, onClose }: RemoveDialogProps) {
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const close = () => {
    setProblems([]);
    onClose();
  };
  const confirm = async () => {
    const found = await changes.remove(items);
    if (found.length > 0) setProblems(found);
    else close();
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

type NamedItem = Pick<ItemNameFragment, 'id' | 'externalId' | 'title'>;

export interface ItemChanges {
  /** @returns What was wrong; nothing when the items are gone. The announcement offers the way back. */
  remove(items: readonly NamedItem[]): Promise<readonly Problem[]>;
  restore(items: readonly NamedItem[]): Promise<readonly Problem[]>;
  readonly isRunning: boolean;
}

/** @param onChanged - Called when the catalogue is another one. */
export function useItemChanges(onChanged: () => void): ItemChanges {
  const removal = useChange(RemoveItemsDocument, (data) => data.removeItems);
  const restoration = useChange(RestoreItemsDocument, (data) => data.restoreItems);
  const done = (catalogueVersion: number | null | undefined, message: string, undo?: () => void) => {
    noteOwnChange(catalogueVersion);
    onChanged();
    announce(message, undo);
  };

  const restore = async (items: readonly NamedItem[]) => {
    const { payload, problems } = await restoration.run({ input: { items: items.map(({ id }) => ({ id })) } });
    const named = withTitles(problems, items);
    if (named.length > 0) announceFailure(named[0].message, () => void restore(items));
    else done(payload?.catalogueVersion, `${nameOf(items)} can be recommended again.`);
    return named;
  };
  const remove = async (items: readonly NamedItem[]) => {
    const { payload, problems } = await removal.run({ input: { items: items.map(({ id }) => ({ id })) } });
    if (problems.length === 0) done(payload?.catalogueVersion, `${nameOf(items)} removed.`, () => void restore(items));
    return withTitles(problems, items);
  };
  return { remove, restore, isRunning: removal.isRunning || restoration.isRunning };
}

/** @returns The problems; one with a single item begins with the item's name. */
function withTitles(problems: readonly Problem[], items: readonly NamedItem[]): readonly Problem[] {
  return problems.map((problem) => {
    const [list, index] = problem.field ?? [];
    const item = list === 'items' ? items[Number(index)] : undefined;
    return item === undefined ? problem : { ...problem, message: `“${itemName(item)}”: ${problem.message}` };
  });
}

/** @returns One item's name; of several, how many they are. */
export function nameOf(items: readonly NamedItem[]): string {
  return items.length === 1 ? `“${itemName(items[0])}”` : plural(items.length, 'item');
}
