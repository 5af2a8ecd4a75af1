import { Text } from '@mantine/core';
import { useMemo } from 'react';

import type { Column } from '../../components/data-table/column';
import { DataTable } from '../../components/data-table/data-table';
import { Ago } from '../../components/format/ago';
import { formatCount } from '../../components/format/format';
import { runsOf } from '../../components/pages/runs';
import type { Pages } from '../../components/pages/use-pages';
import { Panel } from '../../components/panel/panel';
import { EmptyState } from '../../components/states/empty-state';
import type { AuditRowFragment } from '../../graphql/graphql';

/** The newest of the calls of one deed, and how many there were. */
interface AuditLine extends AuditRowFragment {
  readonly calls: number;
}

const COLUMNS: readonly Column<AuditLine>[] = [
  {
    id: 'at',
    header: 'When',
    width: 'minmax(80px, 0.8fr)',
    render: ({ at }) => <Ago at={at} />,
  },
  {
    id: 'caller',
    header: 'Who',
    width: 'minmax(80px, 1fr)',
    render: ({ caller, role }) => `${caller} (${role.toLowerCase()})`,
  },
  {
    id: 'mutation',
    header: 'What',
    width: 'minmax(110px, 1fr)',
    render: ({ mutation, calls }) => (calls === 1 ? mutation : `${mutation} × ${formatCount(calls)}`),
  },
  {
    id: 'input',
    header: 'Input',
    width: 'minmax(160px, 3fr)',
    isMinor: true,
    render: ({ input }) => (
      <Text span size="xs" ff="monospace" c="dimmed" title={input}>
        {input}
      </Text>
    ),
  },
  {
    id: 'outcome',
    header: 'Outcome',
    width: 'minmax(90px, 0.8fr)',
    isMinor: true,
    standsBelow: 'mutation',
    render: ({ outcome, errorCode }) => <Outcome outcome={errorCode ?? outcome} />,
  },
];

function Outcome({ outcome }: { readonly outcome: string }) {
  return (
    <Text span inherit title={outcome} c={outcome === 'OK' ? undefined : 'var(--mantine-color-error)'}>
      {outcome === 'OK' ? 'done' : outcome}
    </Text>
  );
}

export function AuditPanel({ pages }: { readonly pages: Pages<AuditRowFragment> }) {
  const rows = useMemo(() => linesOf(pages.rows), [pages.rows]);
  return (
    <Panel title="Changes with keys" note="newest first; old entries are deleted" isFlush>
      <DataTable
        label="Changes with keys"
        what="The changes"
        pages={{ ...pages, rows }}
        columns={COLUMNS}
        empty={<EmptyState icon="key" title="Nothing was changed with a key yet" />}
      />
    </Panel>
  );
}

function linesOf(rows: readonly AuditRowFragment[]): readonly AuditLine[] {
  const runs = runsOf(
    rows,
    ({ at }) => at,
    ({ caller, role, mutation, outcome }) => JSON.stringify([caller, role, mutation, outcome]),
  );
  return runs.map((run) => ({ ...run[0], calls: run.length }));
}
