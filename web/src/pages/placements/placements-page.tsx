import { Button, NativeSelect } from '@mantine/core';
import { useMemo, useState } from 'react';
import { Link } from 'react-router';

import { announce } from '../../components/change/announce';
import { ConfirmChange } from '../../components/change/confirm-dialog';
import { DataTable } from '../../components/data-table/data-table';
import { Page } from '../../components/page/page';
import type { Pages } from '../../components/pages/use-pages';
import { Panel } from '../../components/panel/panel';
import { EmptyState } from '../../components/states/empty-state';
import { useFreshQuery } from '../../components/states/use-fresh-query';
import { oneOf, type UrlShape, useUrlState } from '../../components/url-state/use-url-state';
import { PlacementListDocument, RemovePlacementDocument } from '../../graphql/graphql';
import { placementColumns, type PlacementRow, rowsOf } from './placement-columns';

const DAYS = [
  { value: '1', label: 'Today' },
  { value: '7', label: '7 days' },
  { value: '28', label: '28 days' },
  { value: '366', label: 'A year' },
];

interface PlacementsState {
  readonly days: string;
}

const STATE: UrlShape<PlacementsState> = { days: oneOf(['1', '7', '28', '366'], '28') };

/** Says what became of the lists that the shop showed, by the place where it showed them and the model version that made them. */
export function PlacementsPage() {
  const [{ days }, setState] = useUrlState<PlacementsState>(STATE);
  const [removed, setRemoved] = useState<string | null>(null);
  const variables = { days: Number(days) };
  const [{ data, error, fetching }, ask] = useFreshQuery({ query: PlacementListDocument, variables }, 'placements');
  const askAnew = () => ask({ requestPolicy: 'network-only' });
  const rows = useMemo(() => rowsOf(data?.placements ?? []), [data]);
  const columns = useMemo(() => placementColumns(setRemoved), []);
  const pages: Pages<PlacementRow> = {
    rows,
    isLoading: fetching && data === undefined,
    error: error ?? null,
    hasMore: false,
    isStale: false,
    loadMore: () => undefined,
    reload: askAnew,
    retry: askAnew,
  };
  return (
    <Page title="Placements" lead="Where the shop shows lists, and what its users do with them.">
      <Panel
        title="Lists with feedback"
        note="shares of the lists, with 95 % intervals; days in UTC"
        actions={
          <NativeSelect
            aria-label="Days"
            size="xs"
            data={DAYS}
            value={days}
            onChange={({ currentTarget: { value } }) => setState({ days: value })}
          />
        }
        isFlush
      >
        <DataTable
          label="Placements"
          what="The placements"
          pages={pages}
          columns={columns}
          keyOf={(_, index) => String(index)}
          empty={<NoFeedback />}
        />
      </Panel>
      <ConfirmChange
        wanted={removed}
        title="Remove the placement?"
        deed="Remove the placement"
        document={RemovePlacementDocument}
        select={(data) => data.removePlacement}
        variables={(name) => ({ input: { name } })}
        onDone={(name) => {
          announce(`The placement “${name}” is removed.`);
          askAnew();
        }}
        onClose={() => setRemoved(null)}
      >
        {(name) =>
          `All figures of “${name}” are deleted. This cannot be undone. Feedback on its lists brings it back, without them.`
        }
      </ConfirmChange>
    </Page>
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
