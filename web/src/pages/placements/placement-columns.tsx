import { Anchor, Text } from '@mantine/core';
import { Link } from 'react-router';

import { modelPath, placementPath } from '../../app/paths';
import type { Column } from '../../components/data-table/column';
import { formatCount, formatPrice, formatShare, plural } from '../../components/format/format';
import type { ShareCellFragment, PlacementFiguresRowFragment, PlacementListQuery } from '../../graphql/graphql';

export const PLACEMENT_COLUMNS: readonly Column<PlacementRow>[] = [
  {
    id: 'placement',
    header: 'Placement',
    width: 'minmax(72px, 1.4fr)',
    render: ({ placement, isFirst }) => (
      <Anchor
        component={Link}
        to={placementPath(placement)}
        size="sm"
        c={isFirst ? undefined : 'dimmed'}
        title={placement}
      >
        {placement}
      </Anchor>
    ),
  },
  {
    id: 'version',
    header: 'Lists by',
    width: 'minmax(66px, 1fr)',
    render: ({ figures }) => <Maker figures={figures} />,
  },
  {
    id: 'lists',
    header: 'Lists',
    width: 'minmax(48px, 0.6fr)',
    isNumeric: true,
    isMinor: true,
    render: ({ figures }) => formatCount(figures?.lists ?? 0),
  },
  shareColumn('clicked', 'Clicked'),
  { ...shareColumn('cart', 'In cart'), isMinor: true },
  shareColumn('purchased', 'Purchased'),
  {
    id: 'revenue',
    header: 'Revenue',
    width: 'minmax(86px, 1.2fr)',
    isNumeric: true,
    isMinor: true,
    standsBelow: 'placement',
    render: ({ figures }) => <Revenues revenue={figures?.revenue ?? []} />,
  },
  { ...shareColumn('coverage', 'Coverage'), isMinor: true },
  { ...shareColumn('dismissed', 'Dismissed'), isMinor: true },
];

export function Maker({ figures }: Pick<PlacementRow, 'figures'>) {
  if (figures === null) return '–';
  if (figures.arm == null) return <Version of={figures} />;
  return (
    <>
      <Version of={figures} />
      <Text size="xs" c="dimmed">
        {figures.arm.name}
      </Text>
    </>
  );
}

function Version({ of: { modelVersion, isPopularity } }: { readonly of: PlacementFiguresRowFragment }) {
  if (isPopularity) return 'popularity';
  if (modelVersion == null) return 'removed version';
  return (
    <Anchor component={Link} to={modelPath(modelVersion.number)} size="sm">
      Version {modelVersion.number}
    </Anchor>
  );
}

type ShareName = 'clicked' | 'cart' | 'purchased' | 'dismissed' | 'coverage';

function shareColumn(name: ShareName, header: string): Column<PlacementRow> {
  return {
    id: name,
    header,
    width: 'minmax(66px, 1.1fr)',
    isNumeric: true,
    render: ({ figures }) =>
      figures === null ? '–' : <Share share={figures[name]} what={name === 'coverage' ? 'item' : 'list'} />,
  };
}

interface ShareProps {
  readonly share: ShareCellFragment;
  /** One of what is counted. */
  readonly what: string;
}

/** A share, and what it may be by chance. */
export function Share({ share: { count, share, low, high }, what }: ShareProps) {
  return (
    <div title={`${plural(count, what)}; 95 % interval ${formatShare(low)} to ${formatShare(high)}`}>
      {formatShare(share)}
      <Text size="xs" c="dimmed" visibleFrom="md">
        {formatShare(low)}–{formatShare(high)}
      </Text>
    </div>
  );
}

/** Revenue of purchases, one line for each currency. */
export function Revenues({ revenue }: Pick<PlacementFiguresRowFragment, 'revenue'>) {
  if (revenue.length === 0) return '–';
  return revenue.map(({ currency, total, perList, low, high }) => {
    const [each, least, most] = [perList, low, high].map((value) => formatPrice(value, currency));
    return (
      <div key={currency} title={`${each} a list; 95 % interval ${least} to ${most}`}>
        {formatPrice(total, currency)}
      </div>
    );
  });
}

export interface PlacementRow {
  readonly placement: string;
  readonly isFirst: boolean;
  /** Null: the placement had no feedback in these days. */
  readonly figures: PlacementFiguresRowFragment | null;
}

export function rowsOf(placements: NonNullable<PlacementListQuery['placements']>): PlacementRow[] {
  return placements.flatMap(({ name: placement, figures }): PlacementRow[] => {
    if (figures.length === 0) return [{ placement, isFirst: true, figures: null }];
    return figures.map((ofVersion, i) => ({ placement, isFirst: i === 0, figures: ofVersion }));
  });
}
