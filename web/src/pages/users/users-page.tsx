import { Button, Group, TextInput } from '@mantine/core';
import { Link } from 'react-router';

import { userPath } from '../../app/paths';
import { DataTable } from '../../components/data-table/data-table';
import { Icon } from '../../components/icon/icon';
import { Page } from '../../components/page/page';
import { CountLine, StaleNotice } from '../../components/pages/list-notes';
import { FIRST_PAGE, usePages } from '../../components/pages/use-pages';
import { Panel } from '../../components/panel/panel';
import { EmptyState } from '../../components/states/empty-state';
import { useFreshQuery } from '../../components/states/use-fresh-query';
import { useDebouncedText } from '../../components/url-state/use-debounced-text';
import { textValue, useUrlState } from '../../components/url-state/use-url-state';
import { UserListDocument, UserTotalDocument } from '../../graphql/graphql';
import { USER_COLUMNS } from './user-columns';

const STATE = { q: textValue, after: textValue, before: textValue };
const ROWS_PER_PAGE = 60;

/** Lists the users of the shop, and finds them by their IDs. */
export function UsersPage() {
  const [state, setState] = useUrlState(STATE);
  const { q } = state;
  const [text, setText] = useDebouncedText(q, (next) => setState({ ...FIRST_PAGE, q: next }));
  const search = q.trim();
  const pages = usePages({
    query: UserListDocument,
    variables: { first: ROWS_PER_PAGE, externalIdContains: search === '' ? null : search },
    select: (data) => data.users,
    address: [state, (place) => setState(place, { push: true })],
  });
  const [{ data, error }] = useFreshQuery({ query: UserTotalDocument });
  const total = data?.catalogue.userCount ?? null;
  return (
    <Page title="Users" lead={<CountLine total={total} one="user" error={error} />}>
      <Panel isFlush>
        <Group p="sm" role="search" aria-label="Users">
          <TextInput
            aria-label="Search by ID"
            placeholder="Search by ID"
            leftSection={<Icon name="search" size={16} />}
            value={text}
            onChange={({ currentTarget }) => setText(currentTarget.value)}
            flex="1 1 220px"
            maw={380}
          />
        </Group>
        <StaleNotice pages={pages} />
        <DataTable
          label="Users"
          what="The users"
          pages={pages}
          columns={USER_COLUMNS}
          keyOf={({ id }) => id}
          empty={<NoUsers search={search} />}
        />
      </Panel>
    </Page>
  );
}

function NoUsers({ search }: { readonly search: string }) {
  if (search !== '') {
    return (
      <EmptyState
        title="No user has this in their ID"
        text="A part of the ID is enough. A new user appears with their first interaction; record it here."
        action={
          <Button component={Link} to={userPath(search)} variant="default">
            Record one for this ID
          </Button>
        }
      />
    );
  }
  return (
    <EmptyState
      icon="users"
      title="Nobody has done anything so far"
      text="A user appears with their first interaction. Until then a list can be made for a history that you make up."
      action={
        <Button component={Link} to="/recommendations?for=history" variant="default">
          Make up a history
        </Button>
      }
    />
  );
}
