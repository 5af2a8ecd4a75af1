/** The state of a running phase, in its own folder, so that a training that was killed continues where it stopped. */
import { hasCheckpoint, loadCheckpoint, saveCheckpoint, type NamedTensors } from '../checkpoint/checkpoint';

export interface PhaseState<Position> {
  readonly position: Position;
  readonly tensors: NamedTensors;
}

export function saveState<Position>(dir: string, { position, tensors }: PhaseState<Position>): Promise<void> {
  return saveCheckpoint(dir, { tensors: { state: tensors }, documents: { position } });
}

/** @returns Null where there is none. */
export async function readState<Position>(dir: string): Promise<PhaseState<Position> | null> {
  if (!(await hasCheckpoint(dir))) return null;
  const { tensors, documents } = await loadCheckpoint(dir);
  return { tensors: tensors.state, position: documents.position as Position };
}
