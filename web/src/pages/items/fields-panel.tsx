import { Anchor, Badge, Code, Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';

import { DefinitionList } from '../../components/definition-list/definition-list';
import { formatCount, formatDateTime, formatPrice } from '../../components/format/format';
import { Panel } from '../../components/panel/panel';
import { Picture } from '../../components/picture/picture';
import type { Availability, ItemDetailQuery } from '../../graphql/graphql';
import { AVAILABILITY, type FieldName, FIELDS, ITEM_FIELDS } from './fields';

type Item = NonNullable<ItemDetailQuery['item']>;

export function FieldsPanel({ item }: { readonly item: Item }) {
  const values: Record<FieldName, unknown> = item;
  return (
    <Panel title="Fields">
      <DefinitionList
        entries={[
          ...FIELDS.filter(([name]) => name !== 'title').map(
            ([name, { label }]) => [label, shown(name, values[name], item)] as const,
          ),
          ['Interactions', formatCount(item.interactionCount)],
          ['Added', formatDateTime(item.addedAt)],
        ]}
      />
    </Panel>
  );
}

function shown(name: FieldName, value: unknown, item: Item): ReactNode {
  if (value == null) return undefined;
  if (name === 'externalId') return <ExternalId id={value as string} />;
  switch (ITEM_FIELDS[name].kind) {
    case 'text':
    case 'longText':
      return <bdi>{value as string}</bdi>;
    case 'texts':
      return (value as readonly string[]).length > 0 ? <Names names={value as readonly string[]} /> : undefined;
    case 'price':
      return formatPrice(value as number, item.currency);
    case 'availability':
      return AVAILABILITY[value as Availability];
    case 'time':
      return formatDateTime(value as string);
    case 'address':
      return <Address url={value as string} />;
    case 'picture':
      return <Picture url={value as string} size={160} />;
    case 'json':
      return <Code block>{JSON.stringify(value, null, 2)}</Code>;
  }
}

function Address({ url }: { readonly url: string }) {
  return (
    <Anchor href={url} rel="noreferrer" size="sm" style={{ overflowWrap: 'anywhere' }}>
      {url}
    </Anchor>
  );
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
