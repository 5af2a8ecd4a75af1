import { Group, Text } from '@mantine/core';

import { ItemLink } from '../../components/item-list/item-link';
import { useFreshQuery } from '../../components/states/use-fresh-query';
import { PickItemByIdDocument } from '../../graphql/graphql';

interface ItemOfIdProps {
  /** What was typed where titles are searched. */
  readonly typed: string;
}

/** The item whose ID was typed, removed ones too, whatever else the table is narrowed to. */
export function ItemOfId({ typed }: ItemOfIdProps) {
  const variables = { externalId: typed };
  const [{ data }] = useFreshQuery({ query: PickItemByIdDocument, variables, pause: typed === '' });
  const item = data?.item;
  if (!item) return null;
  return (
    <Group gap="xs" px="md" pb="sm" wrap="nowrap" role="status">
      <Text size="sm" c="dimmed" style={{ flexShrink: 0 }}>
        {item.removedAt == null ? 'The item with this ID:' : 'The item with this ID, removed:'}
      </Text>
      <ItemLink item={item} />
    </Group>
  );
}
