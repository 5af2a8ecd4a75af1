/**
 * From vectors and histories to a checkpoint: tokenizer, semantic IDs, sequence model, evaluation. Each phase leaves its
 * result in the job's folder, so that a run that was killed goes on where it was.
 */
import { join } from 'node:path';
import { hasCheckpoint, loadCheckpoint, saveCheckpoint, type NamedTensors } from '../checkpoint';
import type { Device } from '../compute/device';
import type { TigerConfig } from '../config';
import { assignCollisionTokens } from '../semantic-id/collision-token';
import { codebookUse, type LevelUse } from '../semantic-id/codebook-use';
import type { SemanticId } from '../semantic-id/semantic-ids';
import { Tokenizer } from '../semantic-id/tokenizer';
import { countParameters, disposeParameters } from '../seq2seq/parameters';
import { TextSpace } from '../text-space';
import { createModel, Tiger, weightsOf, type Fusion } from '../tiger-model';
import { chooseShare, headRanks, HeldOutRanker, type EvaluationInput, type HeadChoice } from './evaluate';
import { checkHistories } from './check-histories';
import { splitLog, trainingCounts, type InteractionLog } from './interactions';
import type { CategoryLevels } from './list-metrics';
import { plainMetric, type MetricValue } from './metrics';
import { reportOn, type ExperimentOptions } from './report';
import { spectralVectors } from './spectral-vectors';
import { startWeights } from './start-weights';
import { trainSeq2Seq, type TrainingPosition, type Validation } from './train-seq2seq';
import { trainTokenizer } from './train-tokenizer';

/** Beam of the validation while training; the report's is wider. */
const VALIDATION_BEAM = 20;

export type FitPhase = 'TOKENIZER' | 'ASSIGNMENT' | 'SEQ2SEQ' | 'EVALUATION' | 'DONE';

export interface FitProgress {
  readonly phase: FitPhase;
  readonly step: number;
  readonly totalSteps: number;
  readonly loss: number | null;
  readonly metrics: readonly { readonly name: string; readonly value: number }[];
  readonly examplesPerSecond: number | null;
  readonly secondsLeft: number | null;
}

export interface FitInput {
  readonly config: TigerConfig;
  /** Ids under which the item head knows the items, by row; int32 `[N]`. */
  readonly itemIds: Int32Array;
  readonly log: InteractionLog;
  /** Text vectors, one an item; float32 `[N, dims]`. */
  readonly vectors: Float32Array;
  readonly dims: number;
  readonly categories: CategoryLevels;
  /** Null: a training whose model is to serve. */
  readonly experiment: ExperimentOptions | null;
  /** A tokenizer to use instead of training one. */
  readonly tokenizer: Tokenizer | null;
  /** IDs that items already have under that tokenizer, by row; null: the item has none yet. */
  readonly presentIds: readonly (SemanticId | null)[] | null;
  readonly device: Device;
  /** The job's folder: state while it runs, the checkpoint at the end. */
  readonly jobDir: string;
  readonly onProgress: (progress: FitProgress) => void;
  /** Something that the user should know, such as a codebook that is hardly used. */
  readonly onWarning: (message: string) => void;
  readonly signal: AbortSignal;
}

export interface FitResult {
  readonly checkpointDir: string;
  readonly parameterCount: number;
  readonly semanticIds: readonly SemanticId[];
  /** Test split, with intervals; the floors under `floor.…`; the codebooks' use. */
  readonly metrics: readonly MetricValue[];
  /** What every epoch's validation said. */
  readonly validations: readonly Validation[];
}

/**
 * @throws The signal's reason when it is aborted; the same call later goes on from the last snapshot.
 * @throws {HistoryError} When there is nothing to learn from.
 * @throws {ShapeError} When items cannot be told apart: see `fitWhitening`.
 */
export async function fitTiger(input: FitInput): Promise<FitResult> {
  checkHistories(input.log, input.config.seq2seq);
  const { tokenizer, semanticIds } = await tokenize(input);
  const texts = TextSpace.fit(input.vectors, input.dims);
  const model = createModel(input.config, semanticIds.length);
  try {
    return await fitModel(input, { tokenizer, semanticIds, texts }, model);
  } finally {
    disposeParameters(model.params);
  }
}

/** What is known of the items before any history is learned from. */
interface ItemKnowledge {
  readonly tokenizer: Tokenizer;
  readonly semanticIds: readonly SemanticId[];
  readonly texts: TextSpace;
}

async function fitModel(
  input: FitInput,
  { tokenizer, semanticIds, texts }: ItemKnowledge,
  model: ReturnType<typeof createModel>,
): Promise<FitResult> {
  const { config, device, itemIds, log, jobDir } = input;
  const evaluation: EvaluationInput = {
    log,
    split: splitLog(log),
    semanticIds,
    width: model.vocabulary.width,
    seed: config.seed,
  };
  // the evaluation knows items by their rows
  const rows = learnedIds(Int32Array.from(semanticIds.keys()), evaluation);
  const tiger = Tiger.open({ config, model, itemIds: rows, texts, itemHeadShare: 0, device, isFrozen: false });
  const ranker = new HeldOutRanker(tiger, evaluation);
  startWeights(model, device, evaluation);
  const validations = await trainModel(input, model, ranker);
  const { itemHeadShare, metrics: ranking } = await reportOn({
    ...input,
    ranker,
    texts,
    onProgress: (done, total) => input.onProgress(bare('EVALUATION', done, total)),
  });
  const metrics = [...ranking, ...useMetrics(codebookUse(semanticIds, config.tokenizer)), collisionRate(semanticIds)];
  const checkpointDir = join(jobDir, 'checkpoint');
  await saveCheckpoint(checkpointDir, {
    tensors: {
      weights: weightsOf(model, device),
      tokenizer: tokenizer.toTensors(),
      texts: texts.toTensors(),
      'semantic-ids': {
        ...idTensors(semanticIds),
        items: { shape: [itemIds.length], data: learnedIds(itemIds, evaluation) },
      },
    },
    documents: { config, metrics, fusion: { itemHeadShare } satisfies Fusion },
  });
  input.onProgress(bare('DONE', 1, 1));
  return { checkpointDir, parameterCount: countParameters(model.params), semanticIds, metrics, validations };
}

/** Of an item that no history of the training part has, nothing was learned: its vector is known under an id of no item. */
function learnedIds(itemIds: Int32Array, { log, split }: EvaluationInput): Int32Array {
  const counts = trainingCounts(log, split, itemIds.length);
  return itemIds.map((itemId, row) => (counts[row] > 0 ? itemId : -1 - row));
}

// ---- Tokenizer and IDs ----------------------------------------------------------------------------------------------

async function tokenize(input: FitInput): Promise<{ tokenizer: Tokenizer; semanticIds: readonly SemanticId[] }> {
  const dir = join(input.jobDir, 'tokenizer');
  if (await hasCheckpoint(dir)) {
    const { tensors } = await loadCheckpoint(dir);
    return { tokenizer: Tokenizer.fromTensors(tensors.tokenizer), semanticIds: idsOf(tensors['semantic-ids']) };
  }
  // One that exists has collaborative features of its own making, in which today's mean nothing.
  const collaborative = input.tokenizer === null ? collaborativeFeatures(input) : null;
  const tokenizer = input.tokenizer ?? (await newTokenizer(input, collaborative));
  input.onProgress(bare('ASSIGNMENT', 0, 1));
  const semanticIds = assignIds(input, tokenizer, collaborative);
  await saveCheckpoint(dir, {
    tensors: { tokenizer: tokenizer.toTensors(), 'semantic-ids': idTensors(semanticIds) },
    documents: {},
  });
  input.onProgress(bare('ASSIGNMENT', 1, 1));
  return { tokenizer, semanticIds };
}

function collaborativeFeatures({ config, log, vectors, dims }: FitInput): Float32Array | null {
  const { collaborativeSize } = config.tokenizer;
  if (collaborativeSize === 0) return null;
  return spectralVectors(log, splitLog(log), vectors.length / dims, collaborativeSize, config.seed);
}

async function newTokenizer(input: FitInput, collaborative: Float32Array | null): Promise<Tokenizer> {
  const { vectors, dims, config, device, jobDir, onProgress, onWarning, signal } = input;
  const stateDir = join(jobDir, 'tokenizer-state');
  const state = await readState<{ step: number }>(stateDir);
  return trainTokenizer({
    vectors,
    dims,
    collaborative,
    config: config.tokenizer,
    seed: config.seed,
    device,
    signal,
    resume: state && { step: state.position.step, tensors: state.tensors },
    onSnapshot: ({ step, tensors }) => saveState(stateDir, { position: { step }, tensors }),
    onProgress: ({ step, totalSteps, loss, secondsLeft }) =>
      onProgress({ ...bare('TOKENIZER', step, totalSteps), loss, secondsLeft }),
    onWarning,
  });
}

/** Items keep the IDs they have; the others get their codes and the lowest collision tokens that are free. */
function assignIds(
  { vectors, dims, presentIds, config }: FitInput,
  tokenizer: Tokenizer,
  collaborative: Float32Array | null,
): SemanticId[] {
  const { numLevels, codebookSize, collaborativeSize } = config.tokenizer;
  const codes = tokenizer.assign(vectors, dims, collaborative);
  const rows = Array.from({ length: vectors.length / dims }, (_, row) =>
    Array.from(codes.subarray(row * numLevels, (row + 1) * numLevels)),
  );
  const nextNearest = (row: number) =>
    tokenizer.rankLastLevel(
      vectors.subarray(row * dims, (row + 1) * dims),
      collaborative?.subarray(row * collaborativeSize, (row + 1) * collaborativeSize) ?? null,
    );
  return assignCollisionTokens(rows, presentIds, codebookSize, nextNearest);
}

// ---- Sequence model -------------------------------------------------------------------------------------------------

async function trainModel(
  input: FitInput,
  model: ReturnType<typeof createModel>,
  ranker: HeldOutRanker,
): Promise<readonly Validation[]> {
  const { config, device, signal } = input;
  const { log, split, semanticIds } = ranker.input;
  const stateDir = join(input.jobDir, 'seq2seq-state');
  return trainSeq2Seq({
    device,
    source: { model, log, split, semanticIds, seed: config.seed },
    config: config.training,
    signal,
    resume: await readState<TrainingPosition>(stateDir),
    onSnapshot: (snapshot) => saveState(stateDir, snapshot),
    validate: async () => {
      const users = config.training.validationUsers;
      const options = { part: 'validation', beamSize: VALIDATION_BEAM, users, signal } as const;
      return validationMetrics(chooseShare(await ranker.rank(options, headRanks)));
    },
    onProgress: ({ step, totalSteps, loss, learningRate, validation, examplesPerSecond, secondsLeft }) => {
      const metrics = [{ name: 'learningRate', value: learningRate }, ...validation];
      input.onProgress({ phase: 'SEQ2SEQ', step, totalSteps, loss, metrics, examplesPerSecond, secondsLeft });
    },
  });
}

/** NDCG@10 of what would be served, then of each head alone. */
function validationMetrics({ served, decoder, itemHead }: HeadChoice): Validation {
  const all = {
    'ndcg@10': served,
    ...(itemHead === null ? {} : { 'decoder.ndcg@10': decoder, 'item-head.ndcg@10': itemHead }),
  };
  return Object.entries(all).map(([name, value]) => ({ name: `validation.${name}`, value }));
}

// ---- State of a phase that is under way ------------------------------------------------------------------------------

interface PhaseState<Position> {
  readonly position: Position;
  readonly tensors: NamedTensors;
}

function saveState<Position>(dir: string, { position, tensors }: PhaseState<Position>): Promise<void> {
  return saveCheckpoint(dir, { tensors: { state: tensors }, documents: { position } });
}

async function readState<Position>(dir: string): Promise<PhaseState<Position> | null> {
  if (!(await hasCheckpoint(dir))) return null;
  const { tensors, documents } = await loadCheckpoint(dir);
  return { tensors: tensors.state, position: documents.position as Position };
}

// ---- Small conversions ----------------------------------------------------------------------------------------------

function bare(phase: FitPhase, step: number, totalSteps: number): FitProgress {
  return { phase, step, totalSteps, loss: null, metrics: [], examplesPerSecond: null, secondsLeft: null };
}

function idTensors(semanticIds: readonly SemanticId[]): NamedTensors {
  const depth = semanticIds[0]?.length ?? 0;
  return { codes: { shape: [semanticIds.length, depth], data: Int32Array.from(semanticIds.flat()) } };
}

function idsOf({ codes }: NamedTensors): SemanticId[] {
  const [rows, depth] = codes.shape;
  return Array.from({ length: rows }, (_, row) => Array.from(codes.data.subarray(row * depth, (row + 1) * depth)));
}

function useMetrics(levels: readonly LevelUse[]): MetricValue[] {
  return levels.flatMap(({ usedShare, perplexity }, level) => [
    plainMetric(`codebook.${level}.use`, usedShare),
    plainMetric(`codebook.${level}.perplexity`, perplexity),
  ]);
}

/** Share of the items that share all codebook codes with another one, and so need their collision token. */
function collisionRate(semanticIds: readonly SemanticId[]): MetricValue {
  const groups = new Map<string, number>();
  const keyOf = (id: SemanticId) => id.slice(0, -1).join('.');
  for (const id of semanticIds) groups.set(keyOf(id), (groups.get(keyOf(id)) ?? 0) + 1);
  const colliding = semanticIds.filter((id) => groups.get(keyOf(id))! > 1).length;
  return plainMetric('collision.rate', colliding / Math.max(1, semanticIds.length));
}
