import { Button } from '@mantine/core';
import { Link } from 'react-router';

import { ADD_ITEMS_PATH } from '../../app/paths';
import { EmptyState } from '../../components/states/empty-state';

interface NoItemsProps {
  readonly isFiltered: boolean;
  readonly show: 'live' | 'removed';
}

/** Why the table is empty, and the way on. */
export function NoItems({ isFiltered, show }: NoItemsProps) {
  if (isFiltered) {
    return (
      <EmptyState
        title="No item passes these filters"
        text="Titles are searched for the text anywhere in them; an ID must be whole; categories and brands must be written as the items have them."
        action={
          <Button component={Link} to="/items" variant="default">
            Drop all filters
          </Button>
        }
      />
    );
  }
  if (show === 'removed') {
    return <EmptyState icon="items" title="Nothing was removed" text="Items that you remove are kept here." />;
  }
  return (
    <EmptyState
      icon="items"
      title="The shop has no items"
      text="Add them one by one or from a CSV or JSONL file."
      action={
        <Button component={Link} to={ADD_ITEMS_PATH}>
          Add items
        </Button>
      }
    />
  );
}
