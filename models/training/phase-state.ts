/** State of a phase that is under way, in a folder of its own, so that a run that was killed goes on where it was. */
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
