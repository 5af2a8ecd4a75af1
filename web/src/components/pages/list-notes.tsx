import { Button, Group, Text } from '@mantine/core';
import type { CombinedError } from 'urql';

import { plural } from '../format/format';
import type { Pages } from './use-pages';

export function StaleNotice({ pages }: { readonly pages: Pages<unknown> }) {
  if (!pages.isStale || pages.isLoading) return null;
  return (
    <Group px="md" py={8} gap="sm" bg="var(--active-surface)" role="status">
      <Text size="sm">The catalogue has changed since this list was loaded.</Text>
      <Button size="compact-sm" variant="light" onClick={pages.reload}>
        Load it anew
      </Button>
    </Group>
  );
}

interface CountLineProps {
  /** Null: it is not known. */
  readonly total: number | null;
  /** The singular, such as `item`. */
  readonly one: string;
  readonly error?: CombinedError;
}

/** How many there are of something, or why that is not said; a screen reader hears it when it changes. */
export function CountLine({ total, one, error }: CountLineProps) {
  const unknown = error ? 'The count could not be loaded.' : 'Counting…';
  return <span role="status">{total === null ? unknown : plural(total, one)}</span>;
}
