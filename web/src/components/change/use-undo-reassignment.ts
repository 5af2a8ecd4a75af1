import { refetchAll } from '../../app/session';
import { UndoReassignDocument } from '../../graphql/graphql';
import { outdatePages } from '../pages/page-store';
import { announce, announceFailure } from './announce';
import { useChange } from './use-change';

interface UndoReassignment {
  /** @param catalogueVersion - That which the reassignment made. */
  undo(catalogueVersion: number): Promise<void>;
  readonly isRunning: boolean;
}

/** Gives the items of a reassignment their former semantic IDs back, and says so. */
export function useUndoReassignment(): UndoReassignment {
  const { run, isRunning } = useChange(UndoReassignDocument, (data) => data.undoReassignment);
  const undo = async (catalogueVersion: number) => {
    const { payload, problems } = await run({ input: { catalogueVersion } });
    if (problems.length > 0) return announceFailure(problems[0].message, () => void undo(catalogueVersion));
    outdatePages(payload?.catalogueVersion);
    refetchAll();
    announce('The items have their former semantic IDs again.');
  };
  return { undo, isRunning };
}
