import { Button, Text } from '@mantine/core';

import type { Column } from '../../components/data-table/column';
import { Ago } from '../../components/format/ago';
import type { KeyRowFragment } from '../../graphql/graphql';
import { keyState } from './key-state';
import { ROLES } from './new-key';

/** @param onRevoke - Asks first. */
export function keyColumns(onRevoke: (key: KeyRowFragment) => void): readonly Column<KeyRowFragment>[] {
  return [
    {
      id: 'name',
      header: 'Name',
      width: 'minmax(100px, 2fr)',
      render: ({ name }) => name,
    },
    {
      id: 'prefix',
      header: 'Begins with',
      width: 'minmax(110px, 1fr)',
      isMinor: true,
      standsBelow: 'name',
      render: ({ prefix }) => <Prefix prefix={prefix} />,
    },
    { id: 'role', header: 'Role', width: 'minmax(70px, 0.8fr)', render: ({ role }) => ROLES[role].label },
    {
      id: 'used',
      header: 'Last used',
      width: 'minmax(124px, 1fr)',
      isMinor: true,
      render: (key) => <When at={key.lastUsedAt} />,
    },
    {
      id: 'expires',
      header: 'Ends',
      width: 'minmax(124px, 1fr)',
      isMinor: true,
      render: (key) => <When at={key.expiresAt} />,
    },
    {
      id: 'created',
      header: 'Made',
      width: 'minmax(124px, 1fr)',
      isMinor: true,
      render: (key) => <Ago at={key.createdAt} />,
    },
    {
      id: 'state',
      header: 'State',
      width: '100px',
      render: (key) => {
        const state = keyState(key, new Date());
        if (state === 'valid') {
          return (
            <Button size="compact-xs" variant="default" aria-label={`Revoke ${key.name}`} onClick={() => onRevoke(key)}>
              Revoke
            </Button>
          );
        }
        return (
          <Text span size="sm" c="dimmed">
            {state}
          </Text>
        );
      },
    },
  ];
}

/** What tells keys of one name apart. */
function Prefix({ prefix }: { readonly prefix: string }) {
  return (
    <Text span size="xs" ff="monospace" c="dimmed">
      {prefix === '' ? '–' : `${prefix}…`}
    </Text>
  );
}

function When({ at }: { readonly at?: string | null }) {
  return at == null ? 'never' : <Ago at={at} />;
}
