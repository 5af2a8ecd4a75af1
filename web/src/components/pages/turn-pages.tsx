import { Button, Group } from '@mantine/core';
import type { MouseEvent } from 'react';

import { FIRST_PAGE, type PagePlace, type Pages } from './use-pages';

/** The ways to the page before, or the first one, and to the next one, where there are more pages. */
export function TurnPages({ pages: { pageInfo, place = FIRST_PAGE, turn } }: { readonly pages: Pages<unknown> }) {
  if (!pageInfo || !turn) return null;
  const { hasNextPage, hasPreviousPage = place.after !== '', startCursor, endCursor } = pageInfo;
  if (!hasNextPage && !hasPreviousPage) return null;
  const go = (to: PagePlace, { currentTarget }: MouseEvent) => {
    turn(to);
    currentTarget.closest('section')?.scrollIntoView();
  };
  return (
    <Group component="nav" aria-label="Pages" justify="flex-end" gap="xs" p="sm">
      <Button
        variant="default"
        size="compact-sm"
        disabled={!hasPreviousPage}
        onClick={(event) => go({ after: '', before: startCursor ?? '' }, event)}
      >
        {startCursor === undefined ? 'First page' : 'Back'}
      </Button>
      <Button
        variant="default"
        size="compact-sm"
        disabled={!hasNextPage}
        onClick={(event) => go({ after: endCursor ?? '', before: '' }, event)}
      >
        Forward
      </Button>
    </Group>
  );
}
