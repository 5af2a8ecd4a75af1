import { Grid, Stack } from '@mantine/core';

import { noteOwnChange } from '../../app/catalogue-changes';
import { InteractionsPanel } from '../../components/interactions/interactions-panel';
import { ItemLink } from '../../components/item-list/item-list';
import { type Pages, usePages } from '../../components/pages/use-pages';
import { WhyNotPanel } from '../../components/why/why-not';
import { UserDismissedDocument, UserHistoryDocument, type UserHistoryQuery } from '../../graphql/graphql';
import { DismissedPanel } from './dismissed-panel';
import { RecordPanel } from './record-panel';
import { LIST_LENGTH, UserListPanel, useWatchedList } from './user-list-panel';

interface UserViewProps {
  readonly externalId: string;
  readonly onRecorded: () => void;
}

export function UserView({ externalId, onRecorded }: UserViewProps) {
  const list = useWatchedList(externalId);
  const history = usePages({
    query: UserHistoryDocument,
    variables: { externalId, first: 20 },
    select: (data) => data.user?.history,
  });
  const dismissed = usePages({
    query: UserDismissedDocument,
    variables: { externalId, first: 20 },
    select: (data) => data.user?.dismissedItems,
  });
  const undone = () => {
    dismissed.reload();
    list.reload();
  };
  const recorded = () => {
    noteOwnChange();
    onRecorded();
    history.reload();
    list.reload();
  };
  return (
    <Grid gap="lg">
      <Grid.Col span={{ base: 12, md: 6 }}>
        <Stack gap="lg">
          <RecordPanel
            title="Record an interaction"
            note="the list follows it"
            externalId={externalId}
            onRecorded={recorded}
          />
          <HistoryPanel pages={history} />
          <DismissedPanel externalId={externalId} pages={dismissed} onUndone={undone} />
        </Stack>
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 6 }}>
        <Stack gap="lg">
          <UserListPanel externalId={externalId} list={list} />
          <WhyNotPanel list={{ user: externalId, first: LIST_LENGTH }} />
        </Stack>
      </Grid.Col>
    </Grid>
  );
}

type Entry = NonNullable<UserHistoryQuery['user']>['history']['nodes'][number];

function HistoryPanel({ pages }: { readonly pages: Pages<Entry> }) {
  return (
    <InteractionsPanel
      title="History"
      note="newest first"
      pages={pages}
      empty="Nothing so far."
      other={{
        header: 'Item',
        render: ({ item }) => <ItemLink item={item} picture={28} c={item.removedAt == null ? undefined : 'dimmed'} />,
      }}
    />
  );
}
