/** The state of a running phase, in its own folder, so that a training that was killed continues where it stopped. */
import { hasCheckpoint, loadCheckpoint, recoverCheckpoint, saveCheckpoint } from '../checkpoint/checkpoint';
import type { HostTensors } from '../compute/device';

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
