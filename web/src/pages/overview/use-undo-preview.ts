import { useEffect, useState } from 'react';

import type { Problem } from '../../components/change/problem';
import { type Outcome, useChange } from '../../components/change/use-change';
import { UndoReassignDocument, type UndoReassignMutation } from '../../graphql/graphql';

export type UndoPreview = UndoReassignMutation['undoReassignment'];

interface Look {
  /** Null while the server has not answered. */
  readonly outcome: Outcome<UndoPreview> | null;
  /** The change was refused: what was seen of it holds no longer. */
  refuse(problems: readonly Problem[]): void;
  again(): void;
}

/** @param version - The change to take back; null: none. @returns What that would do, by a dry run. */
export function useUndoPreview(version: number | null): Look {
  const [outcome, setOutcome] = useState<Outcome<UndoPreview> | null>(null);
  const [looks, setLooks] = useState(0);
  const { run } = useChange(UndoReassignDocument, (data) => data.undoReassignment);
  useEffect(() => {
    if (version === null) return;
    setOutcome(null);
    let isAsked = true;
    void run({ input: { catalogueVersion: version, dryRun: true } }).then((found) => isAsked && setOutcome(found));
    return () => void (isAsked = false);
  }, [version, looks, run]);
  return {
    outcome,
    refuse: (problems) => setOutcome({ payload: null, problems }),
    again: () => setLooks((before) => before + 1),
  };
}
