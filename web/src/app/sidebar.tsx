import {
  ActionIcon,
  Button,
  Menu,
  NavLink,
  Stack,
  Text,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core';
import { Link, useLocation } from 'react-router';

import { Icon, type IconName } from '../components/icon/icon';
import { type ConnectionState, useConnectionState } from './connection';
import { askForKey, keyStore } from './key-store';
import { ADD_ITEMS_PATH } from './paths';
import classes from './sidebar.module.css';
import { useViewer } from './use-viewer';

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

function ColorSchemeButton() {
  const { setColorScheme } = useMantineColorScheme();
  const isDark = useComputedColorScheme('light') === 'dark';
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size="lg"
      aria-label={isDark ? 'Use light colours' : 'Use dark colours'}
      onClick={() => setColorScheme(isDark ? 'light' : 'dark')}
    >
      <Icon name={isDark ? 'sun' : 'moon'} />
    </ActionIcon>
  );
}

const WORDS: Record<ConnectionState, string> = {
  connecting: 'Connecting…',
  connected: 'Live',
  lost: 'Connection lost',
  refused: 'Key refused',
};

function ConnectionBadge() {
  const state = useConnectionState();
  return (
    <span className={classes.badge} role="status">
      <span className={`${classes.dot} keeps-colors`} data-state={state} />
      {WORDS[state]}
    </span>
  );
}

const ROLES = { ADMIN: 'Admin', WRITER: 'Writer', READER: 'Reader' };

function KeyButton() {
  const { hasKey, role } = useViewer();
  if (!hasKey) {
    return (
      <Button
        variant="default"
        leftSection={<Icon name="key" size={16} />}
        justify="flex-start"
        onClick={() => askForKey()}
      >
        Use an API key
      </Button>
    );
  }
  return (
    <Menu position="top-start" width={206}>
      <Menu.Target>
        <Button variant="light" leftSection={<Icon name="key" size={16} />} justify="flex-start">
          {role === null ? 'Key' : `${ROLES[role]} key`}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<Icon name="key" size={16} />}
          onClick={() => askForKey('Type the key to use instead.')}
        >
          Use another key
        </Menu.Item>
        <Menu.Item leftSection={<Icon name="close" size={16} />} onClick={() => keyStore.set(null)}>
          Forget this key
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

interface NavigationEntry {
  readonly label: string;
  readonly path: string;
  readonly icon: IconName;
  readonly also?: string;
}

interface NavigationGroup {
  readonly label: string | null;
  readonly entries: readonly NavigationEntry[];
}

const NAVIGATION: readonly NavigationGroup[] = [
  { label: null, entries: [{ label: 'Overview', path: '/', icon: 'overview' }] },
  {
    label: 'Shop',
    entries: [
      { label: 'Items', path: '/items', icon: 'items', also: ADD_ITEMS_PATH },
      { label: 'Users', path: '/users', icon: 'users' },
      { label: 'Recommendations', path: '/recommendations', icon: 'sparkle' },
      { label: 'What lists earn', path: '/placements', icon: 'placements' },
      { label: 'Experiments', path: '/experiments', icon: 'experiments' },
    ],
  },
  {
    label: 'Model',
    entries: [
      { label: 'Semantic IDs', path: '/semantic-ids', icon: 'semantic-ids' },
      { label: 'Training', path: '/training', icon: 'training' },
      { label: 'Models', path: '/models', icon: 'models' },
    ],
  },
  {
    label: 'Access',
    entries: [
      { label: 'Keys', path: '/keys', icon: 'key' },
      { label: 'API', path: '/api', icon: 'api' },
    ],
  },
];

/** The link to the overview has the same address, and whoever uses keys stops there alone. */
export function Brand() {
  return (
    <Link to="/" className={classes.home} tabIndex={-1}>
      <img src="/favicon.svg" alt="" width={24} height={24} />
      <span>tigerql</span>
    </Link>
  );
}
