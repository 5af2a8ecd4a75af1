import { Button, Group, Text } from '@mantine/core';

import classes from './stale-notice.module.css';
import type { Pages } from './use-pages';

/** Says that the list on the screen is older than the shop. */
export function StaleNotice({ pages }: { readonly pages: Pages<unknown> }) {
  if (!pages.isStale || pages.isLoading) return null;
  return (
    <Group className={classes.notice} gap="sm" role="status">
      <Text size="sm">The catalogue has changed since this list was loaded.</Text>
      <Button size="compact-sm" variant="light" onClick={pages.reload}>
        Load it anew
      </Button>
    </Group>
  );
}
