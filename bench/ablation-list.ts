/** The ablations of `npm run ablations`: each changes one choice of the same small configuration. */
import {
  presetConfig,
  type Seq2SeqConfig,
  type TigerConfig,
  type TokenizerConfig,
  type TrainingConfig,
} from '../models/config';

interface Ablation {
  /** Added to the seed of the run. A run with another seed alone shows how much of a difference is chance. */
  readonly seed?: number;
  readonly tokenizer?: Partial<TokenizerConfig>;
  readonly seq2seq?: Partial<Seq2SeqConfig>;
  readonly training?: Partial<TrainingConfig>;
}

/** The dropouts of `base`, a short schedule, and more validation users than a training needs, for narrower intervals. */
const REFERENCE = {
  seq2seq: { dropout: 0.2, decoderDropout: 0.05 },
  training: { epochs: 4, validationUsers: 4000 },
} as const satisfies Ablation;

export const ABLATIONS = {
  reference: {},
  'another-seed': { seed: 1 },
  'residual-k-means': { tokenizer: { kind: 'kmeans' } },
  'two-levels': { tokenizer: { numLevels: 2 } },
  'four-levels': { tokenizer: { numLevels: 4 } },
  '256-codes': { tokenizer: { codebookSize: 256 } },
  '1024-codes': { tokenizer: { codebookSize: 1024 } },
  'two-levels-of-1024': { tokenizer: { numLevels: 2, codebookSize: 1024 } },
  'two-levels-of-2048': { tokenizer: { numLevels: 2, codebookSize: 2048 } },
  'text-alone': { tokenizer: { collaborativeSize: 0 } },
  '32-text-features': { tokenizer: { featureSize: 32 } },
  '256-text-features': { tokenizer: { featureSize: 256 } },
  'no-item-head': { seq2seq: { itemHead: false } },
  'tigers-ingredients': { tokenizer: { collaborativeSize: 0 }, seq2seq: { itemHead: false } },
  'twice-as-wide': { seq2seq: { modelSize: 128, numHeads: 4, feedForwardSize: 512 } },
  'one-layer': { seq2seq: { encoderLayers: 1, decoderLayers: 1 } },
  'four-layers': { seq2seq: { encoderLayers: 4, decoderLayers: 4 } },
  'no-dropout': { seq2seq: { dropout: 0, decoderDropout: 0 } },
  'dropout-.1': { seq2seq: { dropout: 0.1, decoderDropout: 0.1 } },
  'dropout-.3': { seq2seq: { dropout: 0.3, decoderDropout: 0.3 } },
  'decoder-dropout-0': { seq2seq: { decoderDropout: 0 } },
  'decoder-dropout-.2': { seq2seq: { decoderDropout: 0.2 } },
  'user-token': { seq2seq: { userTokens: 2000 } },
  '10-items-read': { seq2seq: { maxHistory: 10 } },
  'half-the-rate': { training: { learningRate: 1.5e-3 } },
  'twice-the-rate': { training: { learningRate: 6e-3 } },
  'rate-falls-at-once': { training: { cooldown: 1 } },
  'trie-in-loss': { training: { trieInLoss: true } },
} as const satisfies Record<string, Ablation>;

export type AblationName = keyof typeof ABLATIONS;

/** @returns The `demo` preset with the changes of `REFERENCE`, then with those of the ablation. */
export function ablationConfig(name: AblationName, seed: number): TigerConfig {
  const ablation: Ablation = ABLATIONS[name];
  const config = presetConfig('demo', seed + (ablation.seed ?? 0));
  return {
    ...config,
    tokenizer: { ...config.tokenizer, ...ablation.tokenizer },
    seq2seq: { ...config.seq2seq, ...REFERENCE.seq2seq, ...ablation.seq2seq },
    training: { ...config.training, ...REFERENCE.training, ...ablation.training },
  };
}
