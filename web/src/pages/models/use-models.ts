import { useState } from 'react';
import { useSubscription } from 'urql';

import { refetchAll } from '../../app/session';
import { announce } from '../../components/change/announce';
import { type Problem, useChange } from '../../components/change/use-change';
import { outdatePages } from '../../components/pages/page-store';
import { type Pages, usePages } from '../../components/pages/use-pages';
import {
  ActivateModelDocument,
  ModelActivationsDocument,
  ModelListDocument,
  type ModelRowFragment,
} from '../../graphql/graphql';

const ROWS_PER_PAGE = 50;

export interface Models {
  readonly pages: Pages<ModelRowFragment>;
  readonly active: ModelRowFragment | null;
  /** The one to go back to: of those that were active before, the newest. */
  readonly former: ModelRowFragment | null;
  readonly isActivating: boolean;
  readonly problems: readonly Problem[];
  /** @returns Whether it is active now. The announcement offers the way back. */
  activate(model: ModelRowFragment): Promise<boolean>;
  forgetProblems(): void;
}

/** All model versions, loaded anew whenever another one becomes active. */
export function useModels(): Models {
  const pages = usePages({
    query: ModelListDocument,
    variables: { first: ROWS_PER_PAGE },
    select: (data) => data.modelVersions,
  });
  useSubscription({ query: ModelActivationsDocument }, (_, data) => {
    pages.reload();
    return data;
  });
  const { run, isRunning } = useChange(ActivateModelDocument, (data) => data.activateModelVersion);
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const active = pages.rows.find(({ status }) => status === 'ACTIVE') ?? null;
  const former = pages.rows.find(({ status }) => status === 'RETIRED') ?? null;

  const activate = async (model: ModelRowFragment) => {
    const outcome = await run({ input: { modelVersionId: model.id } });
    setProblems(outcome.problems);
    if (outcome.problems.length > 0) return false;
    outdatePages();
    refetchAll();
    pages.reload();
    announce(
      `Version ${model.number} makes the recommendations now.`,
      active === null ? undefined : () => void activate(active),
    );
    return true;
  };
  return { pages, active, former, isActivating: isRunning, problems, activate, forgetProblems: () => setProblems([]) };
}
