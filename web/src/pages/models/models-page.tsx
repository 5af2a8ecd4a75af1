import { Text } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useNavigate } from 'react-router';

import { ConfirmDialog, useLast } from '../../components/change/confirm-dialog';
import { GuardedButton, useGuard } from '../../components/change/guard';
import { DataTable } from '../../components/data-table/data-table';
import { Icon } from '../../components/icon/icon';
import { Page } from '../../components/page/page';
import { Panel } from '../../components/panel/panel';
import { EmptyState } from '../../components/states/empty-state';
import { useUrlState } from '../../components/url-state/use-url-state';
import type { ModelRowFragment } from '../../graphql/graphql';
import { comparedModels, MODELS_STATE, type ModelsState } from './compare-figures';
import { ComparePanel } from './compare-panel';
import { modelColumns } from './model-columns';
import { useModels } from './use-models';

/** All trained models: how good they are, which one answers, and the way back to an earlier one. */
export function ModelsPage() {
  const [state, setState] = useUrlState<ModelsState>(MODELS_STATE);
  const models = useModels();
  const { pages, active, former } = models;
  const { isAllowed, ask } = useGuard({ needs: 'ADMIN', deed: 'Activating a model' });
  const navigate = useNavigate();
  const [wanted, setWanted] = useState<ModelRowFragment | null>(null);
  const asked = useLast(wanted && { number: wanted.number, active });
  const columns = useMemo(() => modelColumns((model) => (isAllowed ? setWanted(model) : ask())), [isAllowed, ask]);
  // The active one may be older than all that are loaded.
  const isListed = pages.rows.some(({ id }) => id === active?.id);
  const known = active && !isListed ? [...pages.rows, active] : pages.rows;
  const close = () => {
    models.forgetProblems();
    setWanted(null);
  };
  const activate = async () => {
    if (wanted !== null && (await models.activate(wanted))) close();
  };

  return (
    <Page
      title="Models"
      lead={
        active === null
          ? 'No model is active: lists show popular items.'
          : active && `Version ${active.number} makes the recommendations.`
      }
      actions={
        former && (
          <GuardedButton
            needs="ADMIN"
            deed="Activating a model"
            variant="default"
            leftSection={<Icon name="restore" size={16} />}
            onClick={() => setWanted(former)}
          >
            Put version {former.number} back
          </GuardedButton>
        )
      }
    >
      <Panel title="Versions" isFlush>
        <DataTable
          label="Versions"
          what="The models"
          pages={pages}
          columns={columns}
          keyOf={({ id }) => id}
          empty={
            <EmptyState
              icon="models"
              title="There is no model yet"
              text="A training makes one."
              action={
                <GuardedButton needs="ADMIN" deed="Training" onClick={() => void navigate('/training')}>
                  Go to the training
                </GuardedButton>
              }
            />
          }
        />
      </Panel>
      {pages.rows.length > 0 && active !== undefined && (
        <ComparePanel
          models={known}
          {...comparedModels(known, active?.id, state)}
          isAll={state.all}
          onChange={setState}
        />
      )}
      <ConfirmDialog
        isOpen={wanted !== null}
        title={`Activate version ${asked?.number}?`}
        deed={`Activate version ${asked?.number}`}
        isRunning={models.isActivating}
        problems={models.problems}
        onConfirm={() => void activate()}
        onClose={close}
      >
        <Text size="sm">
          All recommendations come from version {asked?.number} then, and all items get its semantic IDs.
          {asked?.active && ` Version ${asked.active.number} stays and can be put back.`}
        </Text>
      </ConfirmDialog>
    </Page>
  );
}
