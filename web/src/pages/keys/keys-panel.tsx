import { Button, Text } from '@mantine/core';
import { useMemo } from 'react';

import type { Column } from '../../components/data-table/column';
import { DataTable } from '../../components/data-table/data-table';
import { Ago } from '../../components/format/ago';
import type { Pages } from '../../components/pages/use-pages';
import { Panel } from '../../components/panel/panel';
import { EmptyState } from '../../components/states/empty-state';
import type { KeyRowFragment } from '../../graphql/graphql';
import { keyState, ROLES } from './key';

interface KeysPanelProps {
  readonly pages: Pages<KeyRowFragment>;
  readonly maySee: boolean;
  readonly onAsk: () => void;
  readonly onRevoke: (key: KeyRowFragment) => void;
}

/** All keys, also those that have ended. */
export function KeysPanel({ pages, maySee, onAsk, onRevoke }: KeysPanelProps) {
  const columns = useMemo(() => keyColumns(onRevoke), [onRevoke]);
  return (
    <Panel title="All keys" note="a revoked key is invalid at once" isFlush>
      {maySee ? (
        <DataTable
          label="Keys"
          what="The keys"
          pages={pages}
          columns={columns}
          keyOf={({ id }) => id}
          empty={<EmptyState icon="key" title="There is no key yet" text="Make one above." />}
        />
      ) : (
        <EmptyState
          icon="key"
          title="Admins see the keys"
          text="With a key of role admin you see all keys here, and who changed what with them."
          action={
            <Button variant="default" onClick={onAsk}>
              Use an admin key
            </Button>
          }
        />
      )}
    </Panel>
  );
}

function keyColumns(onRevoke: (key: KeyRowFragment) => void): readonly Column<KeyRowFragment>[] {
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

/** Tells keys of one name apart. */
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
