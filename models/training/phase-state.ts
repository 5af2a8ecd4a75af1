/** The state of a running phase in its own folder, from which a killed training continues. */
import { hasCheckpoint, loadCheckpoint, saveCheckpoint } from '../checkpoint/checkpoint';
import type { HostTensors } from '../compute/device';
import type { FitPhase } from './fit-input';

/** The folders in a job's folder, one for each phase that has a state, in the order of the phases. */
export const STATE_FOLDERS = {
  TOKENIZER: 'tokenizer-state',
  SEQ2SEQ: 'seq2seq-state',
  REFRESH: 'refresh-state',
} as const satisfies Partial<Record<FitPhase, string>>;

export interface PhaseState<Position> {
  readonly position: Position;
  readonly tensors: HostTensors;
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

/** The message says at which step, and what was seen there. */
export class DivergedError extends Error {
  override readonly name = 'DivergedError';
}

/** The figures of one update. */
export interface StepOutcome {
  readonly loss: number;
  /** Norm of all gradients together, before clipping. */
  readonly gradientNorm: number;
}

/** @throws {DivergedError} When a figure of the step is above its limit, or is no number. */
export function checkStep(
  { step, learningRate }: { readonly step: number; readonly learningRate: number },
  { loss, gradientNorm }: StepOutcome,
  limits: StepOutcome,
): void {
  if (loss <= limits.loss && gradientNorm <= limits.gradientNorm) return; // false for NaN
  const figures = `loss ${loss}, gradient norm ${gradientNorm}`;
  throw new DivergedError(
    `the training diverged at step ${step} (learning rate ${learningRate}): ${figures}; train again with another seed`,
  );
}

/** @throws {DivergedError} When a value is not finite: an update can spoil the weights although its loss was a number. */
export function checkFinite(step: number, tensors: HostTensors): void {
  const broken = Object.entries(tensors).find(([, { data }]) => !areFinite(data));
  if (broken !== undefined)
    throw new DivergedError(`the training diverged at step ${step}: ${broken[0]} has values that are not finite`);
}

/** In one sum: a function called for each number of a large catalogue's weights would take most of the time that a snapshot takes. */
function areFinite(values: Float32Array | Int32Array): boolean {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] * 0;
  return sum === 0;
}

/** Where a training is. */
export interface StepPosition {
  readonly step: number;
}
