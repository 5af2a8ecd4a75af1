import { Text } from '@mantine/core';
import { useNavigate } from 'react-router';

import { announce } from '../../components/change/announce';
import { ConfirmDialog, useConfirmation } from '../../components/change/confirm-dialog';
import { useChange } from '../../components/change/use-change';
import { plural } from '../../components/format/format';
import { outdatePages } from '../../components/pages/page-store';
import { EraseUsersDocument } from '../../graphql/graphql';

interface EraseDialogProps {
  readonly isOpen: boolean;
  readonly externalId: string;
  readonly interactionCount: number;
  readonly onClose: () => void;
}

/** Asks before a user is erased, which cannot be undone, and leads to the other users afterwards. */
export function EraseDialog({ isOpen, externalId, interactionCount, onClose }: EraseDialogProps) {
  const navigate = useNavigate();
  const { run, isRunning } = useChange(EraseUsersDocument, (data) => data.eraseUsers);
  const confirmation = useConfirmation(onClose, async () => {
    const { payload, problems } = await run({ input: { userExternalIds: [externalId] } });
    if (payload === null || problems.length > 0) return problems;
    const interactions = plural(payload.erasedInteractions, 'interaction');
    const isErased = payload.erasedExternalIds.length > 0;
    announce(
      isErased ? `User ${externalId} is erased, with ${interactions}.` : `User ${externalId} was erased before.`,
    );
    outdatePages();
    void navigate('/users', { replace: true }); // the way back would lead to nobody
    return problems;
  });
  return (
    <ConfirmDialog
      isOpen={isOpen}
      title="Erase the user?"
      deed="Erase the user"
      isRunning={isRunning}
      {...confirmation}
    >
      The user <bdi>{externalId}</bdi> and {plural(interactionCount, 'interaction')} are deleted. This cannot be undone.
      <Text size="sm" c="dimmed" mt="xs">
        Models that have learned from this user know it until they are trained anew, and backups that you have made keep
        it.
      </Text>
    </ConfirmDialog>
  );
}
