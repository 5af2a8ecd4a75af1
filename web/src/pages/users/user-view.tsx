import { Grid, Stack } from '@mantine/core';

import { outdatePages } from '../../components/pages/page-store';
import { usePages } from '../../components/pages/use-pages';
import { UserDismissedDocument, UserHistoryDocument } from '../../graphql/graphql';
import { DismissedPanel } from './dismissed-panel';
import { HistoryPanel } from './history-panel';
import { RecordPanel } from './record-panel';
import { useWatchedList } from './use-watched-list';
import { UserListPanel } from './user-list-panel';

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
    outdatePages();
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
        <UserListPanel list={list} />
      </Grid.Col>
    </Grid>
  );
}
