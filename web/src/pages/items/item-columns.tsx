import { Badge, Checkbox, Group, Text } from '@mantine/core';

import { Codes } from '../../components/codes/codes';
import type { Column } from '../../components/data-table/column';
import { formatCount, formatDate, formatPrice, itemName } from '../../components/format/format';
import { ItemLink } from '../../components/item-list/item-list';
import type { ItemRowFragment } from '../../graphql/graphql';
import { AVAILABILITY } from './fields';

export const ITEM_COLUMNS: readonly Column<ItemRowFragment>[] = [
  {
    id: 'title',
    header: 'Title',
    width: 'minmax(120px, 2.6fr)',
    isSortable: true,
    render: (item) => (
      <Group gap="xs" wrap="nowrap">
        <ItemLink item={item} fw={500} picture={28} />
        {item.availability !== 'IN_STOCK' && item.availability && (
          <Badge variant="light" color="gray" tt="none" fw={500} flex="none">
            {AVAILABILITY[item.availability]}
          </Badge>
        )}
      </Group>
    ),
  },
  {
    id: 'externalId',
    header: 'ID',
    width: 'minmax(90px, 0.8fr)',
    isMinor: true,
    render: ({ externalId }) => (
      <Text span size="xs" ff="monospace" c="dimmed">
        {externalId}
      </Text>
    ),
  },
  {
    id: 'categories',
    header: 'Brand, categories',
    width: 'minmax(126px, 1.6fr)',
    isMinor: true,
    render: ({ categories, brand }) => (
      <Text span size="sm" c="dimmed">
        {[brand, ...categories].filter(Boolean).join(', ') || '–'}
      </Text>
    ),
  },
  {
    id: 'semanticId',
    header: 'Semantic ID',
    width: 'minmax(140px, 150px)',
    isMinor: true,
    render: ({ semanticId }) =>
      semanticId ? (
        <Codes codes={semanticId.codes} />
      ) : (
        <Text span size="xs" c="dimmed">
          none yet
        </Text>
      ),
  },
  {
    id: 'price',
    header: 'Price',
    width: 'minmax(90px, 124px)',
    isNumeric: true,
    isSortable: true,
    render: ({ price, currency }) => (price == null ? '–' : formatPrice(price, currency)),
  },
  {
    id: 'interactions',
    header: 'Interactions',
    width: '110px',
    isNumeric: true,
    isMinor: true,
    isSortable: true,
    render: ({ interactionCount }) => formatCount(interactionCount),
  },
  {
    id: 'added',
    header: 'Added',
    width: '118px',
    isNumeric: true,
    isMinor: true,
    isSortable: true,
    render: ({ addedAt }) => formatDate(addedAt),
  },
];

/** Chooses the rows that something is done with. */
export function choiceColumn(
  isChosen: (item: ItemRowFragment) => boolean,
  toggle: (item: ItemRowFragment) => void,
): Column<ItemRowFragment> {
  return {
    id: 'choice',
    header: '',
    width: '40px',
    render: (item) => (
      <Checkbox
        size="xs"
        aria-label={`Choose ${itemName(item)}`}
        checked={isChosen(item)}
        onChange={() => toggle(item)}
      />
    ),
  };
}
