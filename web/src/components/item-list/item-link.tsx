import { Anchor } from '@mantine/core';
import { Link } from 'react-router';

import { itemPath } from '../../app/paths';

interface ItemLinkProps {
  readonly item: { readonly externalId: string; readonly title: string };
}

/** The title of an item on one line, which leads to its page. A title that is too long is cut; it shows whole on hovering. */
export function ItemLink({ item: { externalId, title } }: ItemLinkProps) {
  return (
    <Anchor
      component={Link}
      to={itemPath(externalId)}
      size="sm"
      c="var(--mantine-color-text)"
      ta="left"
      truncate
      dir="auto"
      title={title}
    >
      {title}
    </Anchor>
  );
}
