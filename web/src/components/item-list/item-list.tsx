import { Text } from '@mantine/core';
import type { ReactNode } from 'react';

import { ItemLink } from './item-link';
import classes from './item-list.module.css';

export interface ListedItem {
  readonly id: string;
  readonly externalId: string;
  readonly title: string;
}

interface ItemListProps<T extends ListedItem> {
  readonly items: readonly T[];
  /** Stands at the end of each line. */
  readonly aside?: (item: T) => ReactNode;
  /** Shown when there are none. */
  readonly empty: string;
}

/** A few items by their titles, each a link. */
export function ItemList<T extends ListedItem>({ items, aside, empty }: ItemListProps<T>) {
  if (items.length === 0) {
    return (
      <Text size="sm" c="dimmed" p="md">
        {empty}
      </Text>
    );
  }
  return (
    <ul className={classes.list}>
      {items.map((item) => (
        <li key={item.id} className={classes.line}>
          <ItemLink item={item} />
          {aside?.(item)}
        </li>
      ))}
    </ul>
  );
}
