import { Button, Group, NativeSelect, TextInput } from '@mantine/core';
import { type FormEvent, useMemo, useState } from 'react';
import { Link, useNavigate } from 'react-router';

import { placementPath } from '../../app/paths';
import { DataTable } from '../../components/data-table/data-table';
import { type Earnings, sumOf } from '../../components/earnings/earnings';
import { formatCount, formatPrice, formatShare } from '../../components/format/format';
import { Page } from '../../components/page/page';
import { Panel } from '../../components/panel/panel';
import { Stat, Stats } from '../../components/stat/stat';
import { EmptyState } from '../../components/states/empty-state';
import { useFreshQuery } from '../../components/states/use-fresh-query';
import { oneOf, useUrlState } from '../../components/url-state/use-url-state';
import { PlacementListDocument } from '../../graphql/graphql';
import { EarningsPanel } from './earnings-panel';
import { PLACEMENT_COLUMNS, rowsOf } from './placement-columns';

const DAYS = [
  { value: '1', label: 'Today' },
  { value: '7', label: '7 days' },
  { value: '28', label: '28 days' },
  { value: '366', label: 'A year' },
];

const STATE = {
  days: oneOf(['1', '7', '28', '366'], '7'),
  figure: oneOf(['revenue', 'clicked', 'purchased', 'lists'], 'revenue'),
  parts: oneOf(['placement', 'version', 'arm'], 'placement'),
};

/** Says what became of the lists that the shop showed: by the place where it showed them, the version that made them, and the arm. */
export function EarningsPage() {
  const [{ days, figure, parts }, setState] = useUrlState(STATE);
  const variables = { days: Number(days), byArm: parts === 'arm' };
  const [{ data, error, fetching }, ask] = useFreshQuery({ query: PlacementListDocument, variables }, 'placements');
  const rows = useMemo(() => rowsOf(data?.placements ?? []), [data]);
  const sum = useMemo(() => sumOf((data?.placements ?? []).flatMap(({ figures }) => figures)), [data]);
  return (
    <Page
      title="What lists earn"
      lead="Where the shop shows lists, what its users do with them, and what that brings in."
      actions={
        <NativeSelect
          aria-label="Days"
          data={DAYS}
          value={days}
          onChange={({ currentTarget: { value } }) => setState({ days: value as typeof days })}
        />
      }
    >
      {sum.lists > 0 && (
        <>
          <EarningsStats sum={sum} />
          <EarningsPanel days={Number(days)} figure={figure} parts={parts} onChange={setState} />
        </>
      )}
      <Panel
        title="Placements"
        actions={<OpenPlacement />}
        note="lists with feedback; shares of these, with 95 % intervals"
        isFlush
      >
        <DataTable
          label="Placements"
          what="The placements"
          pages={{ rows, isLoading: fetching, error, reload: () => ask({ requestPolicy: 'network-only' }) }}
          columns={PLACEMENT_COLUMNS}
          empty={<NoFeedback />}
        />
      </Panel>
    </Page>
  );
}

/** The way to a placement that is not in the table yet, and to the rules of all lists. */
function OpenPlacement() {
  const [name, setName] = useState('');
  const navigate = useNavigate();
  return (
    <Group
      component="form"
      gap="xs"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        if (name.trim() !== '') void navigate(placementPath(name.trim()));
      }}
    >
      <Button component={Link} to={placementPath('*')} size="xs" variant="default">
        Rules of all lists
      </Button>
      <TextInput
        aria-label="Name of a new placement"
        placeholder="home/top"
        size="xs"
        w={120}
        value={name}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
      />
      <Button type="submit" size="xs" variant="default" disabled={name.trim() === ''}>
        New placement
      </Button>
    </Group>
  );
}

function EarningsStats({ sum: { lists, clicked, purchased, revenue } }: { readonly sum: Earnings }) {
  return (
    <Stats>
      {[...revenue].map(([currency, total]) => (
        <Stat
          key={currency}
          label="Revenue"
          value={formatPrice(total, currency)}
          note={`${formatPrice(total / lists, currency)} a list`}
        />
      ))}
      <Stat label="Lists" value={formatCount(lists)} note="that had feedback" />
      <Stat label="Clicked" value={formatShare(clicked / lists)} note={`${formatCount(clicked)} of them`} />
      <Stat label="Purchased from" value={formatShare(purchased / lists)} note={`${formatCount(purchased)} of them`} />
    </Stats>
  );
}

function NoFeedback() {
  return (
    <EmptyState
      icon="placements"
      title="No list has had feedback yet"
      text="Ask for lists with a placement, and report by recordFeedback what becomes of them."
      action={
        <Button component={Link} to="/api" variant="default" size="xs">
          To the API
        </Button>
      }
    />
  );
}
