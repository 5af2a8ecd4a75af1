/** The state of a running phase, in its own folder, so that a training that was killed continues where it stopped. */
import { hasCheckpoint, loadCheckpoint, recoverCheckpoint, saveCheckpoint } from '../checkpoint/checkpoint';
import type { HostTensors } from '../compute/device';
import type { FitPhase } from './fit-input';

/** The folders in a job's folder, one for each phase that has a state, in the order of the phases. */
export const STATE_FOLDERS = {
  TOKENIZER: 'tokenizer-state',
  SECOND_ITEM_HEAD: 'seconditemhead-state',
  SEQ2SEQ: 'seq2seq-state',
  SECOND_REFRESH: 'secondrefresh-state',
  REFRESH: 'refresh-state',
} as const satisfies Partial<Record<FitPhase, string>>;

export interface PhaseState<Position> {
  readonly position: Position;
  readonly tensors: HostTensors;
}

export function saveState<Position>(dir: string, { position, tensors }: PhaseState<Position>): Promise<void> {
  return saveCheckpoint(dir, { tensors: { state: tensors }, documents: { position } });
}

/** @returns Null where there is none. A state of which a killed process left only copies is put back first. */
export async function readState<Position>(dir: string): Promise<PhaseState<Position> | null> {
  await recoverCheckpoint(dir);
  if (!(await hasCheckpoint(dir))) return null;
  const { tensors, documents } = await loadCheckpoint(dir);
  return { tensors: tensors.state, position: documents.position as Position };
}
