import { Anchor } from '@mantine/core';
import { Link } from 'react-router';

import { itemPath } from '../../app/paths';
import { itemName } from './item-name';

interface ItemLinkProps {
  readonly item: { readonly externalId: string; readonly title: string };
}

/** What an item is called, on one line, which leads to its page. A name that is too long is cut; it shows whole on hovering. */
export function ItemLink({ item }: ItemLinkProps) {
  const name = itemName(item);
  return (
    <Anchor
      component={Link}
      to={itemPath(item.externalId)}
      size="sm"
      c="var(--mantine-color-text)"
      ta="left"
      truncate
      dir="auto"
      title={name}
    >
      {name}
    </Anchor>
  );
}
