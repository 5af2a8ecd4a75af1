/** The first phases of a training, which learn about the items: tokenizer, semantic IDs and text space. */
import { join } from 'node:path';

import { hasCheckpoint, loadCheckpoint, saveCheckpoint } from '../checkpoint/checkpoint';
import type { HostTensors } from '../compute/device';
import { Rows } from '../math/rows';
import { assignCollisionTokens } from '../semantic-id/collision-token';
import { idsByItem, type SemanticId } from '../semantic-id/semantic-ids';
import { Tokenizer } from '../semantic-id/tokenizer';
import { loadTokenizer } from '../serving/load-served';
import { TextSpace } from '../text/text-space';
import { type PrincipalAxes, principalAxes } from '../text/whitening';
import { bareProgress, progressIn, type FitInput, type FitRun } from './fit-input';
import { type StepPosition, readState, saveState, STATE_FOLDERS } from './phase-state';
import type { SpectralVectors } from './start-weights';
import { type LearnedTokenizer, trainTokenizer, type TrainTokenizerOptions } from './train-tokenizer';

export interface ItemKnowledge {
  readonly tokenizer: Tokenizer;
  /** One for each item row. */
  readonly semanticIds: readonly SemanticId[];
  /** Null: the texts of all items are equal. */
  readonly texts: TextSpace | null;
}

/** @throws {ShapeError} When items cannot be told apart: see `trainTokenizer`. */
export async function learnItems(input: FitInput, run: FitRun, spectral: SpectralVectors): Promise<ItemKnowledge> {
  const axes = principalAxes(taught(input, input.vectors), input.dims);
  const known = await tokenize(input, run, axes, spectral);
  if (axes === null) run.onWarning(NO_TEXTS);
  return { ...known, texts: axes && TextSpace.by(axes) };
}

const NO_TEXTS =
  'items: no texts (or vectors) tell them apart, so only what is bought together does; items that nobody has bought yet get codes that ' +
  'say nothing of them';

/** @returns The rows of the items that a training may learn from: an experiment's withheld items are not among them. */
function taught({ experiment, itemIds }: FitInput, values: Float32Array): Float32Array {
  if (experiment === null || experiment.withheld.length === 0) return values;
  const withheld = new Set(experiment.withheld);
  const kept = Array.from(itemIds.keys()).filter((row) => !withheld.has(row));
  return new Rows(values, values.length / itemIds.length).pick(kept).values;
}

async function tokenize(
  input: FitInput,
  run: FitRun,
  axes: PrincipalAxes | null,
  spectral: SpectralVectors,
): Promise<Pick<ItemKnowledge, 'tokenizer' | 'semanticIds'>> {
  const dir = join(input.jobDir, 'tokenizer');
  if (await hasCheckpoint(dir)) {
    const { tensors } = await loadCheckpoint(dir);
    return { tokenizer: Tokenizer.fromTensors(tensors.tokenizer), semanticIds: idsOf(tensors['semantic-ids']) };
  }
  const { tokenizerFrom } = input;
  // An earlier tokenizer has a basis of its own for collaborative features: features made today mean nothing to it.
  const { collaborativeSize } = input.config.tokenizer;
  const collaborative =
    tokenizerFrom === null && collaborativeSize > 0
      ? spectral.of(collaborativeSize, progressIn('TOKENIZER', run))
      : null;
  const { tokenizer, codes } =
    tokenizerFrom === null
      ? await newTokenizer(input, run, { axes, collaborative })
      : { tokenizer: await loadTokenizer(tokenizerFrom), codes: null };
  run.onProgress(bareProgress('ASSIGNMENT', 0, 1));
  const semanticIds = assignIds(input, tokenizer, collaborative, codes);
  await saveCheckpoint(dir, {
    tensors: { tokenizer: tokenizer.toTensors(), 'semantic-ids': idTensors(semanticIds) },
    documents: {},
  });
  await run.onState?.();
  run.onProgress(bareProgress('ASSIGNMENT', 1, 1));
  return { tokenizer, semanticIds };
}

async function newTokenizer(
  input: FitInput,
  { device, onProgress, onWarning, signal, onState }: FitRun,
  { axes, collaborative }: Pick<TrainTokenizerOptions, 'axes' | 'collaborative'>,
): Promise<LearnedTokenizer> {
  const { vectors, dims, config, jobDir } = input;
  const stateDir = join(jobDir, STATE_FOLDERS.TOKENIZER);
  return trainTokenizer({
    vectors: taught(input, vectors),
    dims,
    axes,
    collaborative: collaborative && taught(input, collaborative),
    config: config.tokenizer,
    seed: config.seed,
    device,
    signal,
    onState: async (state) => {
      await saveState(stateDir, state);
      await onState?.();
    },
    onProgress: ({ step, totalSteps, loss, secondsLeft }) =>
      onProgress({ ...bareProgress('TOKENIZER', step, totalSteps), loss, secondsLeft }),
    onWarning,
    resume: await readState<StepPosition>(stateDir),
  });
}

/**
 * Items keep the IDs that they have; the others get their codes and the lowest free collision tokens.
 *
 * @param learned - The codes of the items that the tokenizer learned from; null: it was there before.
 */
function assignIds(
  { itemIds, vectors, dims, presentCodes, config }: FitInput,
  tokenizer: Tokenizer,
  collaborative: Float32Array | null,
  learned: Int32Array | null,
): SemanticId[] {
  const { numLevels, codebookSize, collaborativeSize } = config.tokenizer;
  const isOfAll = learned?.length === itemIds.length * numLevels; // an experiment's withheld items have none yet
  const codes = new Rows(isOfAll ? learned : tokenizer.assign(vectors, dims, collaborative), numLevels);
  const texts = new Rows(vectors, dims);
  const beside = collaborative && new Rows(collaborative, collaborativeSize);
  const nextNearest = (row: number) => tokenizer.nearestCodes(texts.row(row), beside && beside.row(row));
  const present = presentCodes && idsByItem(presentCodes);
  const presentIds = present && Array.from(itemIds, (itemId) => present.get(itemId) ?? null);
  return assignCollisionTokens(codes.lists(), presentIds, codebookSize, nextNearest);
}

/** For a checkpoint: int32 `[N, idLength]`. */
export function idTensors(semanticIds: readonly SemanticId[]): HostTensors {
  const idLength = semanticIds[0]?.length ?? 0;
  return { codes: { shape: [semanticIds.length, idLength], data: Int32Array.from(semanticIds.flat()) } };
}

function idsOf({ codes }: HostTensors): SemanticId[] {
  return new Rows(codes.data, codes.shape[1]).lists();
}
