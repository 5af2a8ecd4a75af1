import { useState } from 'react';

import { announce } from '../../components/change/announce';
import { type Problem, useChange } from '../../components/change/use-change';
import { INTERACTION_KINDS, itemName } from '../../components/format/format';
import type { PickedItem } from '../../components/pickers/pickers';
import { type InteractionKind, RecordInteractionsDocument } from '../../graphql/graphql';

interface Draft {
  readonly userId: string;
  readonly item: PickedItem | null;
  readonly kind: InteractionKind;
  /** The same for each try of one choice: what was recorded although no answer came is not recorded once more. */
  readonly eventId: string;
}

export interface Recording {
  readonly draft: Draft;
  change(changes: Partial<Draft>): void;
  /** The fault of the user's ID; null: none. */
  readonly idFault: string | null;
  readonly problems: readonly Problem[];
  readonly isRunning: boolean;
  record(): Promise<void>;
}

/** @param externalId - Whose interaction it is; absent: it is typed. */
export function useRecording(externalId: string | undefined, onRecorded: (externalId: string) => void): Recording {
  const [draft, setDraft] = useState<Draft>(() => ({
    userId: '',
    item: null,
    kind: 'PURCHASE',
    eventId: newEventId(),
  }));
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const { run, isRunning } = useChange(RecordInteractionsDocument, (data) => data.recordInteractions);
  const change = (changes: Partial<Draft>) => setDraft((before) => ({ ...before, ...changes, eventId: newEventId() }));
  // An ID that stands in an address is taken as it is: a user of the shop may have such a one.
  const userId = externalId ?? draft.userId.trim();

  const record = async () => {
    const { item, kind, eventId } = draft;
    if (item === null) return;
    const interactions = [{ userExternalId: userId, itemExternalId: item.externalId, kind, eventId }];
    const { payload, problems } = await run({ input: { interactions } });
    setProblems(problems);
    if (problems.length > 0) return;
    const isNew = payload?.users[0]?.interactionCount === 1;
    announce(
      `Recorded: ${INTERACTION_KINDS[kind].toLowerCase()} “${itemName(item)}”.${isNew ? ` User ${userId} is new.` : ''}`,
    );
    change({ item: null });
    onRecorded(userId);
  };
  return { draft, change, idFault: userIdFault(userId), problems, isRunning, record };
}

/** Over plain HTTP a browser has no `crypto.randomUUID`. */
function newEventId(): string {
  return `console-${Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join('-')}`;
}

const LONGEST = 200;

/** @returns What the API would refuse in the ID of a user; null when nothing is wrong. */
export function userIdFault(externalId: string): string | null {
  if (externalId.trim() === '') return 'A user needs an ID.';
  return [...externalId].length > LONGEST ? `An ID has at most ${LONGEST} characters.` : null;
}
