import { useRef, useState } from 'react';

import { noteOwnChange } from '../../../app/catalogue-changes';
import { refetchAll } from '../../../app/session';
import { announce, announceFailure } from '../../../components/change/announce';
import { noteUndone } from '../../../components/change/note-undone';
import { type Problem, useChange } from '../../../components/change/use-change';
import { plural } from '../../../components/format/format';
import {
  ReassignDocument,
  type ReassignMutation,
  type ReassignSemanticIdsInput,
  UndoReassignDocument,
} from '../../../graphql/graphql';

export type Scope = Pick<ReassignSemanticIdsInput, 'all' | 'prefix' | 'items' | 'assignments'>;
export type Preview = ReassignMutation['reassignSemanticIds'];

export interface Reassignment {
  /** The result of the dry run; null before it was asked for. */
  readonly preview: Preview | null;
  readonly problems: readonly Problem[];
  readonly isRunning: boolean;
  /** Whether it looks, which can be cancelled. */
  readonly isLooking: boolean;
  look(scope: Scope): Promise<void>;
  /** Does what the preview shows; the server refuses it when the catalogue has changed since. */
  apply(): Promise<void>;
  drop(): void;
}

/** Looks at a reassignment first, then carries it out; the announcement offers the way back. */
export function useReassignment(): Reassignment {
  const [scope, setScope] = useState<Scope | null>(null);
  const [preview, setPreview] = useState<Preview | null>(null);
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  // Counts the questions: the answer to one that was dropped is not shown.
  const asked = useRef(0);
  const [looking, setLooking] = useState<AbortController | null>(null);
  const change = useChange(ReassignDocument, (data) => data.reassignSemanticIds);
  const undo = useChange(UndoReassignDocument, (data) => data.undoReassignment);

  const look = async (wanted: Scope) => {
    const question = (asked.current += 1);
    const end = new AbortController();
    setLooking(end);
    const { payload, problems } = await change.run({ input: { ...wanted, dryRun: true } }, end.signal);
    if (question !== asked.current) return;
    setLooking(null);
    setScope(wanted);
    setProblems(problems);
    setPreview(problems.length === 0 ? payload : null);
  };
  const apply = async () => {
    if (scope === null || preview === null) return;
    const outcome = await change.run({ input: { ...scope, ifCatalogueVersion: preview.baseVersion } });
    setProblems(outcome.problems);
    const version = outcome.payload?.catalogueVersion;
    if (outcome.problems.length > 0 || version == null) return;
    setPreview(null);
    noteOwnChange(version);
    refetchAll();
    announce(`${plural(preview.changeCount, 'item')} reassigned.`, () => void undoAtOnce(version));
  };
  const undoAtOnce = async (version: number) => {
    const { payload, problems } = await undo.run({ input: { catalogueVersion: version } });
    if (problems.length > 0) announceFailure(problems[0].message, () => void undoAtOnce(version));
    else if (payload) noteUndone(payload);
  };
  const drop = () => {
    asked.current += 1;
    looking?.abort();
    setLooking(null);
    setPreview(null);
    setProblems([]);
  };
  return { preview, problems, isRunning: change.isRunning, isLooking: looking !== null, look, apply, drop };
}
