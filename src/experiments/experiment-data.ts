/** Reads a dataset into the flat arrays of a training request, for an experiment. */
import { createHash } from 'node:crypto';

import { shuffleTies, type InteractionLog } from '../../models/data/interactions';
import { KIND_RULES, type KindRules, kindOf, PURCHASE } from '../../models/data/kinds';
import { LogBuilder } from '../../models/data/log-builder';
import { drawWithheld, withholdItems } from '../../models/data/log-changes';
import { packTexts } from '../../models/math/packed-texts';
import { createRandom } from '../../models/math/random';
import { Rows } from '../../models/math/rows';
import { itemCategories, itemText } from '../../models/text/item-text';
import { SENTENCE_DIMS } from '../../models/text/sentence-encoder';
import type { Dataset } from '../datasets/dataset';
import type { TrainRequest } from '../workers/messages';
import { packLog } from '../workers/packed-data';

/** The texts and users as strings, which packing would only hide from what changes the histories. */
export interface ExperimentData extends Pick<TrainRequest, 'itemIds' | 'vectors' | 'dims' | 'categories'> {
  /** The text of each item row. */
  readonly texts: readonly string[];
  readonly log: InteractionLog;
}

/** Changes of the histories by one run, before anything else reads them. */
export interface HistoryChanges {
  readonly seed: number;
  /** The order of items that a user bought at the same time: as in the dataset, or drawn by the seed. */
  readonly ties: 'filed' | 'shuffled';
  /** Share of the items, 0 … 0.5, that is drawn by the seed and withheld from training. */
  readonly coldShare: number;
}

/** Reads all items and histories. An item's id is its row. */
export async function readExperimentData(dataset: Dataset, rules: KindRules = KIND_RULES): Promise<ExperimentData> {
  const dims = dataset.vectors?.dims ?? SENTENCE_DIMS;
  const vectors = new Rows(new Float32Array(dataset.counts.items * dims).fill(NaN), dims);
  const rows = new Map<string, number>();
  const texts: string[] = [];
  const paths: (readonly string[])[] = [];
  for await (const item of dataset.items()) {
    if (item.vector !== null) vectors.set(texts.length, item.vector);
    rows.set(item.externalId, texts.length);
    const categories = item.categories ?? [];
    texts.push(itemText({ ...item, categories }));
    paths.push(categories);
  }
  const itemIds = Int32Array.from(texts.keys());
  const categories = itemCategories(paths);
  const log = await readHistories(dataset, rows, rules);
  return { itemIds, texts, vectors: vectors.values, dims, categories, log };
}

/** @returns The data with changed histories, and the rows of the withheld items. The array of vectors is not copied. */
export function changeHistories(
  data: ExperimentData,
  { seed, ties, coldShare }: HistoryChanges,
): ExperimentData & { readonly withheld: Int32Array } {
  const ordered = ties === 'shuffled' ? shuffleTies(data.log, createRandom(seed)) : data.log;
  const withheld = drawWithheld(data.itemIds.length, coldShare, seed);
  const log = withheld.length === 0 ? ordered : withholdItems(ordered, withheld);
  return { ...data, log, withheld };
}

/** @returns The SHA-256 of all that was read, in hexadecimal digits. Ask before the first run: it fills in the vectors that are missing. */
export function digestOf({
  texts,
  vectors,
  dims,
  categories,
  log: { userKeys, rules: _, ...log },
}: ExperimentData): string {
  const hash = createHash('sha256').update(JSON.stringify([texts, dims, userKeys]));
  for (const { buffer, byteOffset, byteLength } of [vectors, ...categories, ...Object.values(log)])
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  return hash.digest('hex');
}

/** @returns The data as the train worker takes it. The array of vectors is not copied. */
export function packData({ texts, log, ...data }: ExperimentData): Pick<TrainRequest, keyof ExperimentData> {
  return { ...data, texts: packTexts(texts), log: packLog(log) };
}

async function readHistories(
  dataset: Dataset,
  rows: ReadonlyMap<string, number>,
  rules: KindRules,
): Promise<InteractionLog> {
  const builder = new LogBuilder<string>(rules);
  for await (const { userExternalId, itemExternalIds, times, events } of dataset.sequences()) {
    itemExternalIds.forEach((id, i) => {
      const kind = events === undefined ? PURCHASE : kindOf(events[i].kind);
      builder.add(userExternalId, { item: rows.get(id)!, time: times[i], kind }); // the dataset has been checked
    });
  }
  return { ...builder.build(), userKeys: builder.users };
}
