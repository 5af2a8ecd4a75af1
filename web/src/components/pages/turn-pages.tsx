import { Button, Group } from '@mantine/core';

import type { PageInfo } from './page-store';

/** Where a page begins or ends; both empty: at the beginning of the list. */
export interface PagePlace {
  readonly after: string;
  readonly before: string;
}

interface TurnPagesProps {
  readonly pageInfo?: PageInfo | null;
  readonly onTurn: (place: PagePlace) => void;
}

/** The ways to the page before and the next one, where there are more pages. */
export function TurnPages({ pageInfo, onTurn }: TurnPagesProps) {
  if (!pageInfo?.hasNextPage && !pageInfo?.hasPreviousPage) return null;
  const { hasNextPage, hasPreviousPage, startCursor, endCursor } = pageInfo;
  const turn = (place: PagePlace) => {
    onTurn(place);
    window.scrollTo({ top: 0 });
  };
  return (
    <Group component="nav" aria-label="Pages" justify="flex-end" gap="xs" p="sm">
      <Button
        variant="default"
        size="compact-sm"
        disabled={!hasPreviousPage}
        onClick={() => turn({ after: '', before: startCursor ?? '' })}
      >
        Back
      </Button>
      <Button
        variant="default"
        size="compact-sm"
        disabled={!hasNextPage}
        onClick={() => turn({ after: endCursor ?? '', before: '' })}
      >
        Forward
      </Button>
    </Group>
  );
}
