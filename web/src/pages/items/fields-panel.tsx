import { Badge, Code, Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';

import { DefinitionList } from '../../components/definition-list/definition-list';
import { formatCount, formatDateTime, formatPrice } from '../../components/format/format';
import { Panel } from '../../components/panel/panel';
import type { ItemDetailQuery } from '../../graphql/graphql';
import { type FieldName, FIELDS, ITEM_FIELDS } from './fields';

export function FieldsPanel({ item }: { readonly item: NonNullable<ItemDetailQuery['item']> }) {
  const values: Record<FieldName, unknown> = item;
  return (
    <Panel title="Fields">
      <DefinitionList
        entries={[
          ...FIELDS.filter(([name]) => name !== 'title').map(
            ([name, { label }]) => [label, shown(name, values[name])] as const,
          ),
          ['Interactions', formatCount(item.interactionCount)],
          ['Added', formatDateTime(item.addedAt)],
        ]}
      />
    </Panel>
  );
}

function shown(name: FieldName, value: unknown): ReactNode {
  if (value == null) return undefined;
  if (name === 'externalId') return <ExternalId id={value as string} />;
  switch (ITEM_FIELDS[name].kind) {
    case 'text':
    case 'longText':
      return <bdi>{value as string}</bdi>;
    case 'texts':
      return (value as readonly string[]).length > 0 ? <Names names={value as readonly string[]} /> : undefined;
    case 'price':
      return formatPrice(value as number);
    case 'json':
      return <Code block>{JSON.stringify(value, null, 2)}</Code>;
  }
}

function ExternalId({ id }: { readonly id: string }) {
  return (
    <Text span size="sm" ff="monospace">
      {id}
    </Text>
  );
}

function Names({ names }: { readonly names: readonly string[] }) {
  return (
    <Group gap={4}>
      {names.map((name) => (
        <Badge key={name} variant="light" color="gray" tt="none" fw={500}>
          <bdi>{name}</bdi>
        </Badge>
      ))}
    </Group>
  );
}
