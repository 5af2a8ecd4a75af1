import { NavLink, Stack, Text } from '@mantine/core';
import { Link, useLocation } from 'react-router';

import { Icon } from '../components/icon/icon';
import { Brand } from './brand';
import { ColorSchemeButton } from './color-scheme-button';
import { ConnectionBadge } from './connection-badge';
import { KeyButton } from './key-button';
import { NAVIGATION, type NavigationEntry } from './navigation';
import classes from './sidebar.module.css';

/** The pages, and below them what holds for all of them: connection, key, colours. */
export function Sidebar() {
  const { pathname } = useLocation();
  return (
    <div className={classes.sidebar}>
      <div className={classes.brand}>
        <Brand />
      </div>
      <nav className={classes.pages} aria-label="Pages">
        {NAVIGATION.map(({ label, entries }) => (
          <Stack gap={2} key={label} className={classes.group}>
            {label !== null && (
              <Text size="xs" c="dimmed" fw={500} px={10} pb={2}>
                {label}
              </Text>
            )}
            {entries.map((entry) => (
              <NavLink
                key={entry.path}
                component={Link}
                to={entry.path}
                label={entry.label}
                leftSection={<Icon name={entry.icon} />}
                active={isCurrent(pathname, entry)}
                aria-current={isCurrent(pathname, entry) ? 'page' : undefined}
                classNames={{ root: classes.link, section: classes.icon }}
              />
            ))}
          </Stack>
        ))}
      </nav>
      <div className={classes.foot}>
        <KeyButton />
        <div className={classes.row}>
          <ConnectionBadge />
          <ColorSchemeButton />
        </div>
      </div>
    </div>
  );
}

function isCurrent(pathname: string, { path, also }: NavigationEntry): boolean {
  return path === '/' ? pathname === '/' : pathname === path || pathname === also || pathname.startsWith(`${path}/`);
}
