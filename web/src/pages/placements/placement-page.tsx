import { Button, Stack } from '@mantine/core';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';

import { useExternalId } from '../../app/paths';
import { useViewer } from '../../app/use-viewer';
import { announce } from '../../components/change/announce';
import { ConfirmChange } from '../../components/change/confirm-dialog';
import { GuardedButton } from '../../components/change/guard';
import { BackLink, Page } from '../../components/page/page';
import { QueryView } from '../../components/states/query-view';
import { useFreshQuery } from '../../components/states/use-fresh-query';
import { PlacementDetailDocument, RemovePlacementDocument } from '../../graphql/graphql';
import { FiguresPanel } from './figures-panel';
import { PlacementEditor } from './placement-editor';
import { StatesPanel } from './states-panel';

const DAYS = 28;

/** One place where the shop shows lists: what they earn, how they are made, and what was said of that before. */
export function PlacementPage() {
  const name = useExternalId();
  const { isAdmin } = useViewer();
  const [isRemoving, setIsRemoving] = useState(false);
  const navigate = useNavigate();
  const variables = { name, days: DAYS, isAdmin };
  const [result, ask] = useFreshQuery({ query: PlacementDetailDocument, variables }, name);
  const reload = () => ask({ requestPolicy: 'network-only' });
  const isOfAllLists = name === '*';
  return (
    <Page
      title={isOfAllLists ? 'All lists' : name}
      lead={
        isOfAllLists
          ? 'What no list of the shop may have, whatever its placement.'
          : result.data?.placement?.state?.title
      }
      above={<BackLink to="/placements">What lists earn</BackLink>}
      actions={
        <>
          {!isOfAllLists && (
            <Button component={Link} to={`/experiments?placement=${encodeURIComponent(name)}&new=1`} variant="default">
              Start an experiment
            </Button>
          )}
          {result.data?.placement != null && (
            <GuardedButton
              needs="ADMIN"
              deed="Removing a placement"
              variant="default"
              onClick={() => setIsRemoving(true)}
            >
              Remove
            </GuardedButton>
          )}
        </>
      }
    >
      <QueryView result={result} what="The placement" lines={10} onRetry={reload}>
        {({ placement }) => (
          <Stack gap="lg">
            <PlacementEditor
              key={placement?.state?.number ?? 0}
              name={name}
              state={placement?.state ?? null}
              onSaved={reload}
            />
            <StatesPanel name={name} states={placement?.states.nodes ?? []} onRestored={reload} />
            {placement != null && <FiguresPanel figures={placement.figures} days={DAYS} />}
          </Stack>
        )}
      </QueryView>
      <ConfirmChange
        wanted={isRemoving ? name : null}
        title="Remove the placement?"
        deed="Remove the placement"
        document={RemovePlacementDocument}
        select={(data) => data.removePlacement}
        variables={(name) => ({ input: { name } })}
        onDone={(name) => {
          announce(`The placement “${name}” is removed.`);
          void navigate('/placements', { replace: true });
        }}
        onClose={() => setIsRemoving(false)}
      >
        {(name) =>
          `All figures of “${name}” are deleted, and all that is saved of it. This cannot be undone. Feedback on its lists brings it back, without them.`
        }
      </ConfirmChange>
    </Page>
  );
}
