/** A trained model ready to serve: reads histories, writes lists of items that a trie allows. */
import { loadCheckpoint, CheckpointError, type Checkpoint, type NamedTensors } from './checkpoint';
import type { Device } from './compute/device';
import type { TigerConfig } from './config';
import { beamSearch, type FoundItem } from './decoding/beam-search';
import { gumbelRanking } from './decoding/sampling';
import type { Trie } from './decoding/trie';
import type { TrieView } from './decoding/trie-view';
import { createParameters, countParameters, disposeParameters } from './seq2seq/parameters';
import { MAX_DECODE_BATCH, openScorer, type DecodeHistory, type Scorer } from './seq2seq/scorer';
import type { Seq2Seq } from './seq2seq/transformer';
import { createVocabulary } from './seq2seq/vocabulary';
import type { SemanticId } from './semantic-id/semantic-ids';

/** One user's list to be made. */
export interface TigerRequest {
  /** Hashed into a user token; null: nobody in particular. */
  readonly userKey: string | null;
  /** Semantic IDs, oldest first. */
  readonly history: readonly SemanticId[];
  /** Items wanted. */
  readonly first: number;
  /** Hypotheses kept a level; at least `first` are. */
  readonly beamSize: number;
  /** 0: beam search. Above: sampling without replacement, the more diverse the higher. */
  readonly temperature: number;
  /** Of the sampling; equal seeds give equal lists. */
  readonly seed: number;
  /** The trie, or a restriction of it to the items that qualify. */
  readonly view: TrieView;
}

export class Tiger {
  private running = 0;
  private isUnwanted = false;

  private constructor(
    readonly config: TigerConfig,
    private readonly model: Seq2Seq,
    private readonly scorer: Scorer,
  ) {}

  /** @param isFrozen - False while the weights are still being trained. */
  static open(config: TigerConfig, model: Seq2Seq, device: Device, isFrozen = true): Tiger {
    return new Tiger(config, model, openScorer(device, model, isFrozen));
  }

  /** Codes a level, K. */
  get width(): number {
    return this.model.vocabulary.width;
  }

  /** Numbers learned by the sequence model. */
  get parameterCount(): number {
    return countParameters(this.model.params);
  }

  /**
   * @param trie - The whole catalogue's; each request's view is a restriction of it or itself.
   * @returns A list a request, best first, at most `first` long, no item twice.
   */
  async recommend(requests: readonly TigerRequest[], trie: Trie): Promise<FoundItem[][]> {
    this.running++;
    try {
      const lists: FoundItem[][] = [];
      for (let at = 0; at < requests.length; at += MAX_DECODE_BATCH) {
        lists.push(...(await this.recommendBatch(requests.slice(at, at + MAX_DECODE_BATCH), trie)));
      }
      return lists;
    } finally {
      this.running--;
      this.disposeIfDone();
    }
  }

  /** Compiles the shapes that a single user needs, so that the first request is as quick as the next. */
  async warmUp(trie: Trie): Promise<void> {
    const { depth } = this.model.vocabulary;
    const history = [Array.from({ length: depth }, () => 0)];
    const request = {
      userKey: null,
      history,
      first: 10,
      beamSize: DEFAULT_BEAM_SIZE,
      temperature: 0,
      seed: 0,
      view: trie,
    };
    if (trie.size > 0) await this.recommend([request], trie);
  }

  /** Gives the weights back once no list is being made with them. */
  disposeWhenIdle(): void {
    this.isUnwanted = true;
    this.disposeIfDone();
  }

  private async recommendBatch(requests: readonly TigerRequest[], trie: Trie): Promise<FoundItem[][]> {
    const { depth, width } = this.model.vocabulary;
    const histories: DecodeHistory[] = requests.map(({ userKey, history }) => ({ userKey, items: history }));
    const users = requests.map(({ view, first, beamSize, temperature, seed }) => ({
      view,
      full: trie,
      beamSize: Math.max(first, beamSize),
      ranking: temperature > 0 ? gumbelRanking(temperature, seed) : undefined,
    }));
    const lists = await beamSearch({ scorer: await this.scorer.start(histories), users, depth, width });
    return lists.map((list, i) => list.slice(0, requests[i].first));
  }

  private disposeIfDone(): void {
    if (!this.isUnwanted || this.running > 0) return;
    this.scorer.dispose();
    disposeParameters(this.model.params);
  }
}

export const DEFAULT_BEAM_SIZE = 20;

/**
 * @param dir - A checkpoint that `fitTiger` wrote.
 * @throws {CheckpointError} When it is missing, damaged or does not fit its own configuration.
 */
export async function loadTiger(dir: string, device: Device): Promise<Tiger> {
  const checkpoint = await loadCheckpoint(dir);
  const config = configOf(checkpoint, dir);
  const model = createModel(config, null);
  restoreWeights(model, checkpoint.tensors.weights ?? {}, device, dir);
  return Tiger.open(config, model, device);
}

/** A model with fresh weights; with the seed null, with zeros to be overwritten. */
export function createModel(config: TigerConfig, seed: number | null = config.seed): Seq2Seq {
  const { tokenizer, seq2seq } = config;
  const vocabulary = createVocabulary(tokenizer.numLevels, tokenizer.codebookSize, seq2seq.userTokens);
  return { config: seq2seq, vocabulary, params: createParameters(seq2seq, vocabulary, seed) };
}

export function weightsOf(model: Seq2Seq, device: Device): NamedTensors {
  return Object.fromEntries(
    [...model.params.variables].map(([name, variable]) => [
      name,
      { shape: variable.shape, data: device.read(variable) },
    ]),
  );
}

function restoreWeights(model: Seq2Seq, weights: NamedTensors, device: Device, dir: string): void {
  for (const [name, variable] of model.params.variables) {
    const found = weights[name];
    if (found === undefined || found.shape.join() !== variable.shape.join()) {
      throw new CheckpointError(
        `${dir}: weight ${name}: expected shape [${variable.shape}], got ${found ? `[${found.shape}]` : 'none'}`,
      );
    }
    device.write(variable, found.data);
  }
}

function configOf(checkpoint: Checkpoint, dir: string): TigerConfig {
  const config = checkpoint.documents.config as TigerConfig | undefined;
  if (config === undefined) throw new CheckpointError(`${dir}: expected a config.json, got none`);
  return config;
}
