import { Anchor, type AnchorProps } from '@mantine/core';
import { Link } from 'react-router';

import { itemPath } from '../../app/paths';
import { itemName } from './item-name';

interface ItemLinkProps extends Pick<AnchorProps, 'size' | 'c' | 'fw'> {
  readonly item: { readonly externalId: string; readonly title: string };
  /** How many the name may take; absent: it stays on one, and a name that is too long for it shows whole on hovering. */
  readonly lines?: number;
}

/** What an item is called, which leads to its page. A name that is too long is cut. */
export function ItemLink({ item, lines, size = 'sm', c = 'var(--mantine-color-text)', fw }: ItemLinkProps) {
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
