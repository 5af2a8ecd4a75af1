import { useMemo, useState } from 'react';
import { useNavigate } from 'react-router';

import { noteOwnChange } from '../../app/catalogue-changes';
import { refetchAll } from '../../app/session';
import { announce, announceFailure } from '../../components/change/announce';
import { ConfirmChange } from '../../components/change/confirm-dialog';
import { GuardedButton, useGuard } from '../../components/change/guard';
import { useChange } from '../../components/change/use-change';
import { DataTable } from '../../components/data-table/data-table';
import { Icon } from '../../components/icon/icon';
import { Page } from '../../components/page/page';
import { usePages } from '../../components/pages/use-pages';
import { Panel } from '../../components/panel/panel';
import { EmptyState } from '../../components/states/empty-state';
import { useListRenewal, useRenewedQuery } from '../../components/states/use-renewal';
import { useUrlState } from '../../components/url-state/use-url-state';
import {
  ActivateModelDocument,
  type ActivateModelMutation,
  ActiveModelDocument,
  ModelListDocument,
  type ModelRowFragment,
} from '../../graphql/graphql';
import { comparedModels, MODELS_STATE, type ModelsState } from './compare-figures';
import { ComparePanel } from './compare-panel';
import { modelColumns } from './model-columns';

const ROWS_PER_PAGE = 50;

type Version = Pick<ModelRowFragment, 'id' | 'number'>;

/** All trained models: how good they are, which one answers, and the way back to an earlier one. */
export function ModelsPage() {
  const [state, setState] = useUrlState<ModelsState>(MODELS_STATE);
  const pages = usePages({
    query: ModelListDocument,
    variables: { first: ROWS_PER_PAGE },
    select: (data) => data.modelVersions,
  });
  useListRenewal(pages.isLoading, pages.reload);
  const [{ data: current }] = useRenewedQuery({ query: ActiveModelDocument });
  const active = current && (current.activeModel ?? null);
  const former = current?.formerModel;
  const { isAllowed, ask } = useGuard({ needs: 'ADMIN', deed: 'Activating a model' });
  const navigate = useNavigate();
  const [wanted, setWanted] = useState<ModelRowFragment | null>(null);
  const noteActive = useActivationNote();
  const columns = useMemo(() => modelColumns((model) => (isAllowed ? setWanted(model) : ask())), [isAllowed, ask]);
  // The active one may be older than all that are listed.
  const isListed = pages.rows.some(({ id }) => id === active?.id);
  const known = active && !isListed ? [...pages.rows, active] : pages.rows;

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
      {known.length > 0 && active !== undefined && (
        <ComparePanel
          models={known}
          {...comparedModels(known, active?.id, state)}
          isAll={state.all}
          onChange={setState}
        />
      )}
      <ConfirmChange
        wanted={wanted}
        title={`Activate version ${wanted?.number}?`}
        deed={`Activate version ${wanted?.number}`}
        document={ActivateModelDocument}
        select={activation}
        variables={({ id }) => ({ input: { modelVersionId: id } })}
        onDone={(model) => noteActive(model, active ?? null)}
        onClose={() => setWanted(null)}
      >
        {({ number }) =>
          `All recommendations come from version ${number} then, and all items get its semantic IDs.${
            active ? ` Version ${active.number} stays and can be put back.` : ''
          }`
        }
      </ConfirmChange>
    </Page>
  );
}

const activation = (data: ActivateModelMutation) => data.activateModelVersion;

/** @returns Tells that a version is active, and offers the way back to the one before. */
function useActivationNote(): (to: Version, from: Version | null) => void {
  const { run } = useChange(ActivateModelDocument, activation);
  const activate = async (to: Version, from: Version) => {
    const { problems } = await run({ input: { modelVersionId: to.id } });
    if (problems.length > 0) announceFailure(problems[0].message, () => void activate(to, from));
    else note(to, from);
  };
  const note = (to: Version, from: Version | null) => {
    noteOwnChange();
    refetchAll();
    announce(`Version ${to.number} makes the recommendations now.`, from ? () => void activate(from, to) : undefined);
  };
  return note;
}
