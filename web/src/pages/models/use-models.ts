import { useEffect, useRef, useState } from 'react';

import { noteOwnChange } from '../../app/catalogue-changes';
import { refetchAll } from '../../app/session';
import { announce, announceFailure } from '../../components/change/announce';
import { type Problem, useChange } from '../../components/change/use-change';
import { type Pages, usePages } from '../../components/pages/use-pages';
import { useRenewedQuery } from '../../components/states/use-renewal';
import {
  ActivateModelDocument,
  ActiveModelDocument,
  ModelListDocument,
  type ModelRowFragment,
} from '../../graphql/graphql';

const ROWS_PER_PAGE = 50;

export interface Models {
  readonly pages: Pages<ModelRowFragment>;
  /** Null: none is; undefined while that is not known. */
  readonly active: ModelRowFragment | null | undefined;
  /** The one to go back to: it was active before the active one. */
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
  const [{ data: activeData }] = useRenewedQuery({ query: ActiveModelDocument });
  const { run, isRunning } = useChange(ActivateModelDocument, (data) => data.activateModelVersion);
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const active = activeData && (activeData.activeModel ?? null);
  const former = activeData?.formerModel ?? null;
  const activeId = active && active.id;
  const listed = useRef(activeId);
  useEffect(() => {
    if (listed.current !== undefined && listed.current !== activeId) pages.reload();
    listed.current = activeId;
  }, [activeId, pages]);

  const change = async (to: ModelRowFragment, from: ModelRowFragment | null) => {
    const outcome = await run({ input: { modelVersionId: to.id } });
    if (outcome.problems.length > 0) return outcome.problems;
    noteOwnChange();
    refetchAll();
    announce(
      `Version ${to.number} makes the recommendations now.`,
      from === null ? undefined : () => void undo(from, to),
    );
    return [];
  };
  const undo = async (to: ModelRowFragment, from: ModelRowFragment) => {
    const found = await change(to, from);
    if (found.length > 0) announceFailure(found[0].message, () => void undo(to, from));
  };
  const activate = async (model: ModelRowFragment) => {
    const found = await change(model, active ?? null);
    setProblems(found);
    return found.length === 0;
  };
  return { pages, active, former, isActivating: isRunning, problems, activate, forgetProblems: () => setProblems([]) };
}
