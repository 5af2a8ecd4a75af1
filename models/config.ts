/** The model's hyper-parameters, with one comment each, and the presets. */
import { KIND_RULES, type KindRules } from './data/kinds';

export interface TokenizerConfig {
  /** How codebooks are made; it stands beside each stored tokenizer. */
  readonly kind: 'rqvae';
  /** Codebook levels L, without the collision token. */
  readonly numLevels: number;
  /** Codes per level, K. */
  readonly codebookSize: number;
  /** Width of the whitened text features F that the tokenizer reads. */
  readonly featureSize: number;
  /** Width of the collaborative features beside them, which come from the items bought near one another; 0: text alone. */
  readonly collaborativeSize: number;
  /** Hidden widths of the encoder; the decoder mirrors them. */
  readonly hidden: readonly number[];
  /** Width D of the latent space and of each code's vector. */
  readonly latentSize: number;
  /** Weight β of the commitment loss. */
  readonly commitmentCost: number;
  readonly learningRate: number;
  readonly weightDecay: number;
  readonly batchSize: number;
  readonly steps: number;
}

export interface Seq2SeqConfig {
  /**
   * `bidirectional`: the paper's encoder reads code by code, and one pass trains one target. `item-causal`: it reads item by item,
   * and one pass trains every position of a history.
   */
  readonly encoder: 'bidirectional' | 'item-causal';
  readonly encoderLayers: number;
  readonly decoderLayers: number;
  /** Model width D. */
  readonly modelSize: number;
  /** Attention heads H. */
  readonly numHeads: number;
  /** Width of one head's queries, keys and values. */
  readonly headSize: number;
  /** Hidden width of a feed-forward block. */
  readonly feedForwardSize: number;
  /** Share of the encoder's activations dropped in training; masks are shared along the sequence, as in T5X. */
  readonly dropout: number;
  /** The same of the decoder's. */
  readonly decoderDropout: number;
  /** Hashed user tokens; 0: none. */
  readonly userTokens: number;
  /** Items of history that the model reads at most. */
  readonly maxHistory: number;
  /** Relative position buckets, as in T5; the user token has an additional one of its own. */
  readonly numBuckets: number;
  /** Whether each item known in training has its own vector, with which an item head scores it. Item-causal only. */
  readonly itemHead: boolean;
  /** Distance from which all positions share the last bucket: in tokens, or in items where attention is item-causal. */
  readonly maxDistance: number;
}

export interface TrainingConfig {
  /** Targets per update, padding included; a sequence of the bidirectional encoder has one target. */
  readonly batchSize: number;
  /** Targets computed at once; a divisor of the batch size. A larger batch is computed in pieces whose gradients are summed. */
  readonly microBatchSize: number;
  /** Passes over the training interactions. */
  readonly epochs: number;
  readonly learningRate: number;
  readonly weightDecay: number;
  /** Share of all steps in which the learning rate rises linearly. */
  readonly warmup: number;
  /** Share of the other steps, at the end, in which it falls linearly to zero; between both it stays. */
  readonly cooldown: number;
  /** Gradients are scaled down to this global norm. */
  readonly clipNorm: number;
  /** Whether a code's softmax is over the codes that the trie allows there, as in the beam search; the paper's is over all of its level. */
  readonly trieInLoss: boolean;
  /** Users of the validation split whose figures show how a training goes; the choices at its end are made on all. */
  readonly validationUsers: number;
}

export interface TigerConfig {
  readonly preset: string;
  readonly seed: number;
  readonly kinds: KindRules;
  readonly tokenizer: TokenizerConfig;
  readonly seq2seq: Seq2SeqConfig;
  readonly training: TrainingConfig;
}

/**
 * How many hypotheses the beam search keeps at each level, in serving and in every evaluation; a longer list keeps as many as its
 * length. Wider beams gain little and cost time: see docs/choices.md.
 */
export const BEAM_WIDTH = 20;

/** In a larger catalogue no list looks at every item: see docs/performance.md. */
export const MAX_EXHAUSTIVE = 100_000;

/** How many candidates each kind of evidence, and the codes of a history, add there; the beam adds what it finds. */
export const CANDIDATES = 32;

/**
 * How many users are decoded together; larger batches are split.
 *
 * With twice as many users, the activations of the paper's model no longer fit into the processor's caches: 32 users in two halves
 * take a tenth less time than 32 at once.
 */
export const DECODE_BATCH = 16;

/**
 * The newest items of a history that a list is made from, in serving and in every evaluation. A model reads as many of these as it was
 * trained for, and the neighbours read all. Older items are still kept out of the list.
 */
export const MAX_HISTORY = 500;

/**
 * The newest interactions of a user that a training learns from and counts. A robot, or a person who buys for a whole company, can have
 * as many as all other users together. Without this limit they would be most of what is counted: see docs/quality.md.
 */
export const MAX_TRAINED_HISTORY = 1000;

/**
 * Users whose figures are enough to choose by, and to judge a model that is to serve: the difference of two values on validation, and
 * the figures on test, have a standard error of .002 of NDCG@10. More would take hours in a shop of a million users.
 */
export const MEASURED_USERS = { validation: 4_000, test: 20_000 } as const;

/** An item of a history weighs this many times as much as the item after it, in the direction of its texts and in item-kNN. */
export const HISTORY_DECAY = 0.7;

/** The newest texts of a history that its direction is made of: an older one would weigh less than a thousandth of the newest. */
export const MAX_HISTORY_TEXTS = 20;

const RQVAE: TokenizerConfig = {
  kind: 'rqvae',
  numLevels: 3,
  codebookSize: 256,
  featureSize: 128,
  collaborativeSize: 0,
  hidden: [512, 256, 128],
  latentSize: 32,
  commitmentCost: 0.25,
  learningRate: 1e-3,
  weightDecay: 0.01,
  batchSize: 1024,
  steps: 4000,
};

const PAPER: TigerConfig = {
  preset: 'paper',
  seed: 1,
  kinds: KIND_RULES,
  tokenizer: RQVAE,
  seq2seq: {
    encoder: 'bidirectional',
    encoderLayers: 4,
    decoderLayers: 4,
    modelSize: 128,
    numHeads: 6,
    headSize: 64,
    feedForwardSize: 1024,
    dropout: 0.1,
    decoderDropout: 0.1,
    userTokens: 2000,
    maxHistory: 20,
    numBuckets: 32,
    maxDistance: 128,
    itemHead: false,
  },
  training: {
    batchSize: 256,
    microBatchSize: 64,
    epochs: 200,
    learningRate: 3e-4,
    weightDecay: 0.01,
    warmup: 0.05,
    cooldown: 0.4,
    clipNorm: 1,
    trieInLoss: false,
    validationUsers: 2000,
  },
};

const BASE: TigerConfig = {
  ...PAPER,
  preset: 'base',
  tokenizer: { ...RQVAE, codebookSize: 1024, collaborativeSize: 128 }, // four times the paper's: see docs/choices.md
  seq2seq: {
    ...PAPER.seq2seq,
    encoder: 'item-causal',
    encoderLayers: 3,
    decoderLayers: 3,
    numHeads: 4,
    headSize: 32,
    feedForwardSize: 512,
    dropout: 0.2,
    decoderDropout: 0.05, // the decoder learns more slowly than the item head, and overfits later
    userTokens: 0, // they gain nothing: see docs/choices.md
    maxHistory: 50,
    itemHead: true,
  },
  training: {
    ...PAPER.training,
    batchSize: 512,
    microBatchSize: 512,
    epochs: 10,
    learningRate: 2e-3,
    trieInLoss: true,
    validationUsers: 1000,
  },
};

/** Small enough to train beside a running server in about two minutes on two cores. */
const DEMO: TigerConfig = {
  ...BASE,
  preset: 'demo',
  tokenizer: {
    ...RQVAE,
    codebookSize: 64,
    collaborativeSize: 64,
    hidden: [256, 128],
    learningRate: 3e-3,
    steps: 500,
  },
  seq2seq: {
    ...BASE.seq2seq,
    encoderLayers: 2,
    decoderLayers: 2,
    modelSize: 64,
    numHeads: 2,
    feedForwardSize: 256,
    dropout: 0.05, // a model of this size hardly overfits in so few epochs
    decoderDropout: 0.05,
    maxHistory: 24,
  },
  training: {
    ...BASE.training,
    batchSize: 256,
    microBatchSize: 256,
    epochs: 8,
    learningRate: 3e-3,
    trieInLoss: false, // with so few codes it gains nothing
    validationUsers: 1000,
  },
};

const TINY: TigerConfig = {
  ...BASE,
  preset: 'tiny',
  tokenizer: {
    ...RQVAE,
    numLevels: 2,
    codebookSize: 8,
    featureSize: 8,
    hidden: [16],
    latentSize: 4,
    batchSize: 32,
    steps: 60,
  },
  seq2seq: {
    ...BASE.seq2seq,
    encoderLayers: 1,
    decoderLayers: 1,
    modelSize: 16,
    numHeads: 2,
    headSize: 8,
    feedForwardSize: 32,
    maxHistory: 6,
    numBuckets: 8,
    maxDistance: 16,
  },
  training: { ...BASE.training, batchSize: 48, microBatchSize: 24, epochs: 2, validationUsers: 50 },
};

interface Preset {
  readonly config: TigerConfig;
  /** The shops that it is for, and what it takes. */
  readonly purpose: string;
}

/** The presets in the order in which they are offered. The API, the console and the command line list them from here. */
const PRESETS = {
  demo: { config: DEMO, purpose: 'For shops like the demo shop: minutes on a laptop.' },
  base: { config: BASE, purpose: 'For larger shops.' },
  paper: { config: PAPER, purpose: 'As the TIGER paper has it: needs a graphics card.' },
  tiny: { config: TINY, purpose: 'To try things out: seconds, and a weak model.' },
} satisfies Record<string, Preset>;

export type PresetName = keyof typeof PRESETS;

export const PRESET_NAMES = Object.keys(PRESETS) as readonly PresetName[];

/** @returns Each preset with its purpose and the number of semantic IDs that it has: codes by level, times collision tokens. */
export function describePresets(): {
  readonly name: PresetName;
  readonly purpose: string;
  readonly maxItems: number;
}[] {
  return PRESET_NAMES.map((name) => {
    const { config, purpose } = PRESETS[name];
    return { name, purpose, maxItems: maxItemsOf(config.tokenizer) };
  });
}

export function maxItemsOf({ numLevels, codebookSize }: Pick<TokenizerConfig, 'numLevels' | 'codebookSize'>): number {
  return codebookSize ** (numLevels + 1);
}

/** With fewer items per code, a code has too few of them to learn what it stands for: see docs/choices.md. */
const MIN_ITEMS_PER_CODE = 8;
/** The smallest catalogue has this many all the same. */
const MIN_CODES = 64;

interface PresetOptions {
  readonly seed?: number;
  /** Items of the catalogue; absent: many. A small catalogue has fewer codes per level than the preset. */
  readonly numItems?: number;
  readonly kinds?: KindRules;
}

/** @returns The preset's configuration, with these options. */
export function presetConfig(
  name: PresetName,
  { seed = 1, numItems = Infinity, kinds = KIND_RULES }: PresetOptions = {},
): TigerConfig {
  const { config } = PRESETS[name];
  const { numLevels, codebookSize } = config.tokenizer;
  const codes = Math.max(MIN_CODES, 2 ** Math.floor(Math.log2(numItems / MIN_ITEMS_PER_CODE)));
  return withCodebooks({ ...config, seed, kinds }, { numLevels, codebookSize: Math.min(codebookSize, codes) });
}

/** @param stored - Of a job or a checkpoint; those of older versions have no rules for kinds. */
export function storedConfig(stored: unknown): TigerConfig {
  return { kinds: KIND_RULES, ...(stored as Omit<TigerConfig, 'kinds'> & Partial<Pick<TigerConfig, 'kinds'>>) };
}

/** @returns The configuration with the codebooks of a tokenizer that exists. */
export function withCodebooks(
  config: TigerConfig,
  { numLevels, codebookSize }: Pick<TokenizerConfig, 'numLevels' | 'codebookSize'>,
): TigerConfig {
  return { ...config, tokenizer: { ...config.tokenizer, numLevels, codebookSize } };
}
