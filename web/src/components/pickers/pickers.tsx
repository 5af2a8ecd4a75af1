import { Group, Select, Text } from '@mantine/core';
import { useState } from 'react';

import {
  type ItemNameFragment,
  PickItemByIdDocument,
  PickItemsDocument,
  PickUserByIdDocument,
  PickUsersDocument,
} from '../../graphql/graphql';
import { itemName } from '../format/format';
import { Icon } from '../icon/icon';
import { Picture } from '../picture/picture';
import { useFreshQuery } from '../states/use-fresh-query';
import { offers, useSearch } from './use-search';

interface ItemPickerProps {
  readonly label: string;
  /** Whether only who listens has the label. */
  readonly isLabelHidden?: boolean;
  readonly placeholder?: string;
  readonly error?: string | null;
  /** The item chosen, null for none; absent: the field is empty again after each choice. */
  readonly value?: ItemNameFragment | null;
  readonly onPick: (item: ItemNameFragment) => void;
}

/** Finds an item by words of its title, or by its ID. */
export function ItemPicker({
  label,
  isLabelHidden = false,
  placeholder = 'Title or ID',
  error,
  value,
  onPick,
}: ItemPickerProps) {
  const [text, setText] = useState('');
  const search = useSearch(text, value ? itemName(value) : '');
  const { searched } = search;
  const [byWords] = useFreshQuery({
    query: PickItemsDocument,
    variables: { search: searched === '' ? null : searched },
  });
  const [byId] = useFreshQuery({
    query: PickItemByIdDocument,
    variables: { externalId: searched },
    pause: searched === '',
  });
  const exact = searched !== '' && byId.data?.item && byId.data.item.removedAt == null ? [byId.data.item] : [];
  const found = new Map(
    [...(value ? [value] : []), ...exact, ...(byWords.data?.items.nodes ?? [])].map((item) => [item.externalId, item]),
  );
  return (
    <Select
      {...(isLabelHidden ? { 'aria-label': label } : { label })}
      placeholder={placeholder}
      error={error}
      leftSection={<Icon name="search" size={16} />}
      rightSection={<span />}
      searchable
      data={[...found.values()].map((item) => ({ value: item.externalId, label: itemName(item) }))}
      // Several items may have one title.
      renderOption={({ option }) => (
        <Group gap="xs" wrap="nowrap">
          <Picture url={found.get(option.value)?.imageUrl} size={24} />
          <span>
            <bdi>{option.label}</bdi>{' '}
            <Text span size="xs" ff="monospace" c="dimmed">
              {option.value}
            </Text>
          </span>
        </Group>
      )}
      {...offers(search, [byWords, byId], 'No item has these words.')}
      searchValue={text}
      onSearchChange={setText}
      value={value?.externalId ?? null}
      onChange={(externalId) => {
        const item = externalId === null ? undefined : found.get(externalId);
        if (!item) return;
        onPick(item);
        if (value === undefined) setText('');
      }}
      comboboxProps={{ withinPortal: true }}
    />
  );
}

interface UserPickerProps {
  readonly value: string;
  readonly onPick: (externalId: string) => void;
}

/** Finds a user by a part of their ID. */
export function UserPicker({ value, onPick }: UserPickerProps) {
  const [text, setText] = useState(value);
  const search = useSearch(text, value);
  const { searched } = search;
  const [byPart] = useFreshQuery({
    query: PickUsersDocument,
    variables: { externalIdContains: searched === '' ? null : searched },
  });
  const [byId] = useFreshQuery({
    query: PickUserByIdDocument,
    variables: { externalId: searched },
    pause: searched === '',
  });
  const exact = searched === '' ? [] : [byId.data?.user];
  const found = [...exact, ...(byPart.data?.users.nodes ?? [])].flatMap((user) => (user ? [user.externalId] : []));
  return (
    <Select
      label="User"
      placeholder="A part of the user's ID"
      leftSection={<Icon name="search" size={16} />}
      rightSection={<span />}
      searchable
      data={[...new Set([...(value === '' ? [] : [value]), ...found])]}
      {...offers(search, [byPart, byId], 'No user has this in their ID.')}
      searchValue={text}
      onSearchChange={setText}
      value={value === '' ? null : value}
      onChange={(externalId) => externalId !== null && onPick(externalId)}
    />
  );
}
