import { Anchor, Text } from '@mantine/core';
import { Link } from 'react-router';

import { userPath, userRecommendationsPath } from '../../app/paths';
import type { Column } from '../../components/data-table/column';
import { formatCount, formatDateTime } from '../../components/format/format';
import { ItemLink } from '../../components/item-list/item-list';
import type { UserRowFragment } from '../../graphql/graphql';

export const USER_COLUMNS: readonly Column<UserRowFragment>[] = [
  {
    id: 'externalId',
    header: 'ID',
    width: 'minmax(100px, 1.2fr)',
    render: ({ externalId }) => (
      <Anchor component={Link} to={userPath(externalId)} size="sm" fw={500} c="var(--mantine-color-text)">
        {externalId}
      </Anchor>
    ),
  },
  {
    id: 'interactions',
    header: 'Interactions',
    width: 'minmax(84px, 110px)',
    isNumeric: true,
    render: ({ interactionCount }) => formatCount(interactionCount),
  },
  {
    id: 'last',
    header: 'Last item',
    width: 'minmax(160px, 2.4fr)',
    isMinor: true,
    render: ({ history: { nodes } }) =>
      nodes.length > 0 ? <ItemLink item={nodes[0].item} c="dimmed" picture={28} /> : '–',
  },
  {
    id: 'when',
    header: 'When',
    width: '190px',
    isNumeric: true,
    isMinor: true,
    render: ({ history: { nodes } }) => (
      <Text span size="sm" c="dimmed">
        {nodes.length > 0 ? formatDateTime(nodes[0].occurredAt) : '–'}
      </Text>
    ),
  },
  {
    id: 'list',
    header: '',
    width: 'minmax(40px, 80px)',
    isNumeric: true,
    render: ({ externalId }) => (
      <Anchor component={Link} to={userRecommendationsPath(externalId)} size="sm" aria-label={`List of ${externalId}`}>
        List
      </Anchor>
    ),
  },
];
