import { Button } from '@mantine/core';
import { useMemo } from 'react';

import { DataTable } from '../../components/data-table/data-table';
import type { Pages } from '../../components/pages/use-pages';
import { Panel } from '../../components/panel/panel';
import { EmptyState } from '../../components/states/empty-state';
import type { KeyRowFragment } from '../../graphql/graphql';
import { keyColumns } from './key-columns';

interface KeysPanelProps {
  readonly pages: Pages<KeyRowFragment>;
  readonly maySee: boolean;
  /** Asks for a key that may see the list. */
  readonly onAsk: () => void;
  /** Asks first. */
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
