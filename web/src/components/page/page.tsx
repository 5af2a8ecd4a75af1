import { Anchor, Group, Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';
import { Link } from 'react-router';

import { Icon } from '../icon/icon';
import classes from './page.module.css';

interface PageProps {
  readonly title: string;
  readonly lead?: ReactNode;
  /** Stands above the title, such as the way back. */
  readonly above?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A page: its title, in the browser's tab as well, what one can do, and the content. */
export function Page({ title, lead, above, actions, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · tigerql`;
  }, [title]);
  return (
    <Stack gap="lg" className={classes.page}>
      <Stack gap={6}>
        {above}
        <Group justify="space-between" align="flex-start" gap="sm">
          <div className={classes.heading}>
            <Title order={1}>
              <bdi>{title}</bdi>
            </Title>
            {lead !== undefined && (
              <Text component="div" size="sm" c="dimmed" mt={2}>
                {lead}
              </Text>
            )}
          </div>
          {actions !== undefined && <Group gap="xs">{actions}</Group>}
        </Group>
      </Stack>
      {children}
    </Stack>
  );
}

/** The way up, above a page's title. */
export function BackLink({ to, children }: { readonly to: string; readonly children: string }) {
  return (
    <Anchor component={Link} to={to} size="sm" className={classes.back}>
      <Icon name="back" size={15} />
      {children}
    </Anchor>
  );
}
