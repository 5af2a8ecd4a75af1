import { Anchor, Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link } from 'react-router';

import { userRecommendationsPath, useExternalId } from '../../app/paths';
import { GuardedButton } from '../../components/change/guard';
import { plural } from '../../components/format/format';
import { Icon } from '../../components/icon/icon';
import { BackLink, Page } from '../../components/page/page';
import { outdatePages } from '../../components/pages/page-store';
import { EmptyState } from '../../components/states/empty-state';
import { QueryView } from '../../components/states/query-view';
import { useFreshQuery } from '../../components/states/use-fresh-query';
import { UserDetailDocument } from '../../graphql/graphql';
import { EraseDialog } from './erase-dialog';
import { RecordPanel } from './record-form';
import { UserView } from './user-view';

/** One user: what they did, what they are likely to want, and how the list changes with what they do next. */
export function UserPage() {
  const externalId = useExternalId();
  const [result, refetch] = useFreshQuery({ query: UserDetailDocument, variables: { externalId } });
  const user = result.data?.user;
  const [isErasing, erasure] = useDisclosure(false);
  const reload = () => refetch({ requestPolicy: 'network-only' });
  return (
    <Page
      title={`User ${externalId}`}
      lead={user ? plural(user.interactionCount, 'interaction') : undefined}
      above={<BackLink to="/users">Users</BackLink>}
      actions={
        user && (
          <>
            <Button
              component={Link}
              to={userRecommendationsPath(externalId)}
              variant="default"
              leftSection={<Icon name="sparkle" size={16} />}
            >
              Look into the list
            </Button>
            <GuardedButton
              needs="ADMIN"
              deed="Erasing a user"
              variant="default"
              leftSection={<Icon name="remove" size={16} />}
              onClick={erasure.open}
            >
              Erase
            </GuardedButton>
          </>
        )
      }
    >
      <QueryView result={result} what="The user" lines={8} onRetry={refetch}>
        {({ user }) =>
          user ? (
            <UserView key={user.id} externalId={externalId} onRecorded={reload} />
          ) : (
            <NewUser key={externalId} externalId={externalId} onRecorded={reload} />
          )
        }
      </QueryView>
      <EraseDialog
        isOpen={isErasing}
        externalId={externalId}
        interactionCount={user?.interactionCount ?? 0}
        onClose={erasure.close}
      />
    </Page>
  );
}

interface NewUserProps {
  readonly externalId: string;
  readonly onRecorded: () => void;
}

/** Nobody has this ID so far; with a first interaction somebody has. */
function NewUser({ externalId, onRecorded }: NewUserProps) {
  return (
    <>
      <EmptyState
        icon="users"
        title={`No user has the ID ${externalId}`}
        text="A user appears with their first interaction."
        action={
          <Anchor component={Link} to="/users">
            Look through all users
          </Anchor>
        }
      />
      <RecordPanel
        title="Record a first interaction"
        externalId={externalId}
        onRecorded={() => {
          outdatePages();
          onRecorded();
        }}
      />
    </>
  );
}
