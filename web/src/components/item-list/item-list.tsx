import { Anchor, type AnchorProps, Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'react-router';

import { itemPath } from '../../app/paths';
import type { ItemNameFragment } from '../../graphql/graphql';
import { itemName } from '../format/format';
import { Picture } from '../picture/picture';
import classes from './item-list.module.css';

interface ItemListProps<T extends ItemNameFragment> {
  readonly items: readonly T[];
  readonly aside?: (item: T) => ReactNode;
  readonly empty: string;
}

export function ItemList<T extends ItemNameFragment>({ items, aside, empty }: ItemListProps<T>) {
  if (items.length === 0) {
    return (
      <Text size="sm" c="dimmed" p="md">
        {empty}
      </Text>
    );
  }
  return (
    <ul className="plain">
      {items.map((item) => (
        <li key={item.id} className={classes.line}>
          <ItemLink item={item} picture={28} />
          {aside?.(item)}
        </li>
      ))}
    </ul>
  );
}

interface ItemLinkProps extends Pick<AnchorProps, 'size' | 'c' | 'fw'> {
  readonly item: { readonly externalId: string; readonly title: string; readonly imageUrl?: string | null };
  /** Pixels of each side of its picture; absent: it shows none. */
  readonly picture?: number;
  /** How many the name may take; absent: it stays on one, and a name that is too long for it shows whole on hovering. */
  readonly lines?: number;
}

/** An item's name as a link to its page. A name that is too long is cut. */
export function ItemLink({ item, picture, ...rest }: ItemLinkProps) {
  if (picture === undefined || !item.imageUrl) return <NameLink item={item} {...rest} />;
  return (
    <Group gap="xs" wrap="nowrap" miw={0}>
      <Picture url={item.imageUrl} size={picture} />
      <NameLink item={item} {...rest} />
    </Group>
  );
}

function NameLink({ item, lines, size = 'sm', c = 'var(--mantine-color-text)', fw }: Omit<ItemLinkProps, 'picture'>) {
  const name = itemName(item);
  const form = lines === undefined ? ONE_LINE : { lineClamp: lines };
  return (
    <Anchor
      component={Link}
      to={itemPath(item.externalId)}
      {...{ size, c, fw, ...form }}
      title={lines === undefined ? name : undefined}
    >
      {lines === undefined ? name : <bdi>{name}</bdi>}
    </Anchor>
  );
}

/** A block of its own also in the cell of a table, which does not see the direction of what has one. */
const ONE_LINE = { truncate: true, display: 'block', ta: 'left', dir: 'auto' } as const;
