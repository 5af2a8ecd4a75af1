/**
 * Makes shops for the claims that need a whole server: the importer fills a database, and a model with random weights is live. It has
 * the sizes of preset `base`, with an item head, texts and neighbours, as a trained one has.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { saveCheckpoint } from '../models/checkpoint/checkpoint';
import { createModel, weightsOf } from '../models/checkpoint/model-weights';
import type { HostTensors } from '../models/compute/device';
import { presetConfig, type TigerConfig } from '../models/config';
import type { TrieRows } from '../models/decoding/trie';
import { createRandom, type Random } from '../models/math/random';
import { Tokenizer } from '../models/semantic-id/tokenizer';
import { countParameters } from '../models/seq2seq/parameters';
import { normaliseRows, SENTENCE_DIMS, SENTENCE_ENCODER } from '../models/text/sentence-encoder';
import { neighbourTensors } from '../models/training/counted-evidence';
import { importCatalogue, type ImportedInteraction, type ImportedItem } from '../src/catalogue/importer';
import { prefixRows } from '../src/semantic-ids/semantic-id-rows';
import { insertRows } from '../src/storage/bulk-rows';
import { codesKey } from '../src/storage/code-keys';
import { type Database, openDatabase } from '../src/storage/database';
import type { Transaction } from '../src/storage/transaction';
import { clusteredRows, codesOf } from './catalogues';
import type { ShopName } from './claim';
import { benchDevice } from './devices';
import { PEER_WEIGHTS, randomItemTexts, randomNeighbours } from './item-head-parts';
import { databaseUrl, userIdOf } from './shop-address';

interface ShopPlan {
  readonly items: number;
  readonly users: number;
  readonly historyLength: number;
  /** Only the shop that a claim trains on needs text vectors. */
  readonly hasVectors: boolean;
}

const PLANS: Readonly<Record<ShopName, ShopPlan>> = {
  large: { items: 100_000, users: 2000, historyLength: 20, hasVectors: false },
  small: { items: 3000, users: 400, historyLength: 12, hasVectors: true },
};

/** @param dir - An empty folder, or one that does not exist. */
export async function makeShop(dir: string, name: ShopName): Promise<void> {
  await mkdir(dir, { recursive: true });
  const plan = PLANS[name];
  const database = await openDatabase(databaseUrl(dir));
  try {
    await importCatalogue(database, { items: items(plan), interactions: interactions(plan) });
    await makeLive(database, dir, plan.items, SENTENCE_DIMS);
  } finally {
    await database.dispose();
  }
}

/** Makes a model with random weights live. @param dims - The width of the items' vectors. */
export async function makeLive(database: Database, dir: string, numItems: number, dims: number): Promise<void> {
  // Its tokenizer reads texts alone: there is no training that could make the other features.
  const base = presetConfig('base');
  const config = { ...base, tokenizer: { ...base.tokenizer, collaborativeSize: 0 } };
  const rows = clusteredRows(numItems, 'base');
  const parameterCount = await writeModel(join(dir, CHECKPOINT), config, numItems, dims);
  await database.write((transaction) => storeModel(transaction, config, rows, { parameterCount, dims }), {
    timeoutMs: STORE_TIMEOUT_MS,
  });
}

/** A million semantic IDs, and the prefixes that they have, take minutes. */
const STORE_TIMEOUT_MS = 1_800_000;

function* items({ items: count, hasVectors }: ShopPlan): Generator<ImportedItem> {
  const random = createRandom(5);
  for (let i = 0; i < count; i++) {
    yield {
      externalId: `item-${i}`,
      title: `Item number ${i}`,
      brand: `Brand ${i % 500}`,
      categories: [`Category ${i % 40}`],
      price: 1 + (i % 100),
      vector: hasVectors ? { values: unitVector(random), encoder: SENTENCE_ENCODER } : null,
    };
  }
}

function* interactions({ users, historyLength, items: count }: ShopPlan): Generator<ImportedInteraction> {
  const random = createRandom(6);
  for (let event = 0; event < users * historyLength; event++) {
    yield {
      eventId: `event-${event}`,
      userExternalId: userIdOf(event % users),
      itemExternalId: `item-${random.int(count)}`,
      kind: 'PURCHASE',
      occurredAt: new Date(Date.UTC(2024, 0, 1) + event * 1000),
    };
  }
}

function unitVector(random: Random): Float32Array {
  return normaliseRows(
    Float32Array.from({ length: SENTENCE_DIMS }, () => random.normal()),
    SENTENCE_DIMS,
  );
}

/** Key of the model's checkpoint: its folder in `DATA_DIR`. */
const CHECKPOINT = 'model';

/** @returns The number of the model's parameters. */
async function writeModel(dir: string, config: TigerConfig, numItems: number, dims: number): Promise<number> {
  const device = await benchDevice('all');
  const model = createModel(config, numItems);
  await saveCheckpoint(dir, {
    tensors: {
      weights: weightsOf(model, device),
      tokenizer: tokenizerTensors(config, dims),
      texts: { mean: { shape: [dims], data: new Float32Array(dims) }, components: identity(dims) },
      'item-texts': { directions: randomItemTexts(numItems, dims) },
      'item-neighbours': neighbourTensors(randomNeighbours(numItems)),
      popularity: { weights: { shape: [numItems], data: new Float32Array(numItems).fill(1) } },
      'semantic-ids': {
        items: { shape: [numItems], data: Int32Array.from({ length: numItems }, (_, row) => row + 1) },
      },
    },
    documents: { config, metrics: [], weights: PEER_WEIGHTS },
  });
  return countParameters(model.params);
}

/** A text space that leaves vectors as they are. */
function identity(dims: number) {
  const data = new Float32Array(dims * dims);
  for (let i = 0; i < dims; i++) data[i * dims + i] = 1;
  return { shape: [dims, dims], data };
}

/** Random values in the shapes that the configuration asks for. */
function tokenizerTensors({ tokenizer }: TigerConfig, dims: number): HostTensors {
  const random = createRandom(7);
  const { featureSize, hidden, latentSize, numLevels, codebookSize } = tokenizer;
  const tensor = (...shape: number[]) => ({
    shape,
    data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal() * 0.1),
  });
  const widths = [featureSize, ...hidden, latentSize];
  const { data: components } = tensor(featureSize, dims);
  return new Tokenizer({
    whitening: { mean: new Float32Array(dims), components },
    exemplars: null,
    encoder: widths.slice(1).map((width, i) => ({ kernel: tensor(widths[i], width), bias: tensor(width) })),
    codebooks: Array.from({ length: numLevels }, () => tensor(codebookSize, latentSize)),
  }).toTensors();
}

/** Stores what a training stores, and marks the version as live. The database was empty, so row r is item r + 1. */
async function storeModel(
  transaction: Transaction,
  { tokenizer, preset }: TigerConfig,
  rows: TrieRows,
  { parameterCount, dims }: { readonly parameterCount: number; readonly dims: number },
): Promise<void> {
  const { kind, numLevels, codebookSize } = tokenizer;
  const { id } = await transaction.tokenizer.create({
    data: {
      kind,
      numLevels,
      codebookSize,
      collisionSize: codebookSize,
      dims,
      checkpointDir: CHECKPOINT,
    },
  });
  const semanticIds = Array.from(rows.itemIds, (_, row) => ({
    tokenizerId: id,
    itemId: row + 1,
    codesKey: codesKey(codesOf(rows, row)),
  }));
  await insertRows(transaction, 'SemanticId', semanticIds);
  await insertRows(transaction, 'SemanticIdPrefix', await prefixRows(id, semanticIds));
  await transaction.modelVersion.create({
    data: {
      number: 1,
      tokenizerId: id,
      checkpointDir: CHECKPOINT,
      status: 'ACTIVE',
      preset,
      device: 'none',
      parameterCount,
      catalogueVersion: 0,
    },
  });
}
