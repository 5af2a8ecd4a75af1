/** The choices in the model that `npm run levers` tries one by one, each a change of the same small configuration. */
import {
  presetConfig,
  type Seq2SeqConfig,
  type TigerConfig,
  type TokenizerConfig,
  type TrainingConfig,
} from '../models/config';

interface Lever {
  /** Added to the seed of all the others; shows how much of a difference is chance. */
  readonly seed?: number;
  readonly tokenizer?: Partial<TokenizerConfig>;
  readonly seq2seq?: Partial<Seq2SeqConfig>;
  readonly training?: Partial<TrainingConfig>;
}

/** Dropout as `base` has it, a short schedule, and more users in each look at validation than a training needs. */
const REFERENCE = {
  seq2seq: { dropout: 0.2 },
  training: { epochs: 4, patience: 4, validationUsers: 4000 },
} as const satisfies Lever;

export const LEVERS = {
  reference: {},
  'another-seed': { seed: 1 },
  'residual-k-means': { tokenizer: { kind: 'kmeans' } },
  'two-levels': { tokenizer: { numLevels: 2 } },
  'four-levels': { tokenizer: { numLevels: 4 } },
  '256-codes': { tokenizer: { codebookSize: 256 } },
  'text-alone': { tokenizer: { collaborativeSize: 0 } },
  '32-text-features': { tokenizer: { featureSize: 32 } },
  '256-text-features': { tokenizer: { featureSize: 256 } },
  'no-item-head': { seq2seq: { itemHead: false } },
  'twice-as-wide': { seq2seq: { modelSize: 128, numHeads: 4, feedForwardSize: 512 } },
  'one-layer': { seq2seq: { encoderLayers: 1, decoderLayers: 1 } },
  'four-layers': { seq2seq: { encoderLayers: 4, decoderLayers: 4 } },
  'no-dropout': { seq2seq: { dropout: 0 } },
  'dropout-.1': { seq2seq: { dropout: 0.1 } },
  'dropout-.3': { seq2seq: { dropout: 0.3 } },
  'user-token': { seq2seq: { userTokens: 2000 } },
  '10-items-read': { seq2seq: { maxHistory: 10 } },
  'label-smoothing': { training: { labelSmoothing: 0.1 } },
  'half-the-rate': { training: { learningRate: 1.5e-3 } },
  'twice-the-rate': { training: { learningRate: 6e-3 } },
} as const satisfies Record<string, Lever>;

export type LeverName = keyof typeof LEVERS;

/** The `demo` preset, changed as the reference is, with that lever pulled. */
export function leverConfig(name: LeverName, seed: number): TigerConfig {
  const lever: Lever = LEVERS[name];
  const config = presetConfig('demo', seed + (lever.seed ?? 0));
  return {
    ...config,
    tokenizer: { ...config.tokenizer, ...lever.tokenizer },
    seq2seq: { ...config.seq2seq, ...REFERENCE.seq2seq, ...lever.seq2seq },
    training: { ...config.training, ...REFERENCE.training, ...lever.training },
  };
}
