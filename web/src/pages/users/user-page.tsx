import { Anchor, Button, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link, useNavigate } from 'react-router';

import { noteOwnChange } from '../../app/catalogue-changes';
import { useExternalId, userRecommendationsPath } from '../../app/paths';
import { announce } from '../../components/change/announce';
import { ConfirmChange } from '../../components/change/confirm-dialog';
import { GuardedButton } from '../../components/change/guard';
import { plural } from '../../components/format/format';
import { Icon } from '../../components/icon/icon';
import { BackLink, Page } from '../../components/page/page';
import { EmptyState } from '../../components/states/empty-state';
import { QueryView } from '../../components/states/query-view';
import { useFreshQuery } from '../../components/states/use-fresh-query';
import { EraseUsersDocument, UserDetailDocument } from '../../graphql/graphql';
import { RecordPanel } from './record-panel';
import { UserView } from './user-view';

/** One user: what they did, what they are likely to want, and how the list changes with what they do next. */
export function UserPage() {
  const externalId = useExternalId();
  const [result, refetch] = useFreshQuery({ query: UserDetailDocument, variables: { externalId } });
  const user = result.data?.user ?? null;
  const navigate = useNavigate();
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
      <ConfirmChange
        wanted={isErasing ? user : null}
        title="Erase the user?"
        deed="Erase the user"
        document={EraseUsersDocument}
        select={(data) => data.eraseUsers}
        variables={() => ({ input: { users: [{ externalId }] } })}
        onDone={(_, { erasedExternalIds, erasedInteractions }) => {
          const interactions = plural(erasedInteractions, 'interaction');
          const isErased = erasedExternalIds.length > 0;
          announce(
            isErased ? `User ${externalId} is erased, with ${interactions}.` : `User ${externalId} was erased before.`,
          );
          noteOwnChange();
          void navigate('/users', { replace: true }); // the way back would lead to nobody
        }}
        onClose={erasure.close}
      >
        {({ interactionCount }) => (
          <>
            The user <bdi>{externalId}</bdi> and {plural(interactionCount, 'interaction')} are deleted. This cannot be
            undone.
            <Text size="sm" c="dimmed" mt="xs">
              Models that have learned from this user know it until they are trained anew, and backups that you have
              made keep it.
            </Text>
          </>
        )}
      </ConfirmChange>
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
          noteOwnChange();
          onRecorded();
        }}
      />
    </>
  );
}
