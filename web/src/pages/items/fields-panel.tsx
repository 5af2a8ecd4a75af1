import { Badge, Code, Group, Text } from '@mantine/core';

import { DefinitionList } from '../../components/definition-list/definition-list';
import { formatCount, formatDateTime, formatPrice } from '../../components/format/format';
import { Panel } from '../../components/panel/panel';
import type { ItemDetailQuery } from '../../graphql/graphql';

/** The fields of an item. */
export function FieldsPanel({ item }: { readonly item: NonNullable<ItemDetailQuery['item']> }) {
  return (
    <Panel title="Fields">
      <DefinitionList
        entries={[
          [
            'ID',
            <Text key="id" span size="sm" ff="monospace">
              {item.externalId}
            </Text>,
          ],
          ['Description', item.description == null ? undefined : <bdi key="description">{item.description}</bdi>],
          ['Brand', item.brand == null ? undefined : <bdi key="brand">{item.brand}</bdi>],
          [
            'Categories',
            item.categories.length > 0 ? (
              <Group gap={4}>
                {item.categories.map((category) => (
                  <Badge key={category} variant="light" color="gray" tt="none" fw={500}>
                    <bdi>{category}</bdi>
                  </Badge>
                ))}
              </Group>
            ) : undefined,
          ],
          ['Price', item.price == null ? undefined : formatPrice(item.price)],
          ['Interactions', formatCount(item.interactionCount)],
          ['Added', formatDateTime(item.addedAt)],
          [
            'Attributes',
            item.attributes == null ? undefined : <Code block>{JSON.stringify(item.attributes, null, 2)}</Code>,
          ],
        ]}
      />
    </Panel>
  );
}
