import { refetchAll } from '../../app/session';
import { UndoReassignDocument } from '../../graphql/graphql';
import { outdatePages } from '../pages/page-store';
import { announce } from './announce';
import { type Problem, useChange } from './use-change';

interface UndoReassignment {
  /**
   * @param catalogueVersion - That which the reassignment made.
   * @param seenOn - The version on which somebody saw what it would do; the server refuses it on a newer one.
   * @returns What was wrong; nothing when it is done.
   */
  undo(catalogueVersion: number, seenOn?: number | null): Promise<readonly Problem[]>;
  readonly isRunning: boolean;
}

/** Gives the items of a reassignment their former semantic IDs back, and says so. */
export function useUndoReassignment(): UndoReassignment {
  const { run, isRunning } = useChange(UndoReassignDocument, (data) => data.undoReassignment);
  const undo = async (catalogueVersion: number, seenOn?: number | null) => {
    const { payload, problems } = await run({ input: { catalogueVersion, ifCatalogueVersion: seenOn } });
    if (problems.length > 0) return problems;
    outdatePages(payload?.catalogueVersion);
    refetchAll();
    announce('The items have their former semantic IDs again.');
    return [];
  };
  return { undo, isRunning };
}
