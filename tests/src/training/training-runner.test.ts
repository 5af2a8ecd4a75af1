/** Trains the little shop with the preset `tiny`, in a real worker thread. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { presetConfig } from '../../../models/config';
import { SENTENCE_ENCODER } from '../../../models/text/sentence-encoder';
import type { FitProgress } from '../../../models/training/fit-input';
import type { TrainingJob } from '../../../prisma/generated/sqlite/client';
import type { CodeAssigner } from '../../../src/semantic-ids/code-assigner';
import { buildTrainRequest } from '../../../src/training/training-data';
import { encodeMissing, runOneOfSeveral, runTraining, textKey } from '../../../src/training/training-runner';
import { packTexts, unpackTexts } from '../../../src/workers/packed-data';
import { createTestCatalogue } from '../../support/catalogue';
import { useTestDatabase } from '../../support/database';
import { createFakeAssigner, FAKE_DIMS } from '../../support/fake-assigner';
import { littleInteractions, littleItems } from '../../support/little-shop';
import { temporaryFolder } from '../../support/temporary-folder';

const WORKER_DATA = { backend: 'onnx-cpu' } as const;
const never = new AbortController().signal;

describe('runTraining', () => {
  const opened = useTestDatabase();
  let folder: string;
  let numJobs = 0;
  /** Rows of the items whose vectors have to be made from their texts. */
  const WITHOUT_VECTOR = [3, 10];

  beforeAll(async () => {
    folder = temporaryFolder();
    const { catalogue } = createTestCatalogue(opened);
    const items = littleItems().map((item, row) => ({ ...item, title: `#1.${row % 4} ${item.title}` }));
    const { items: added } = await catalogue.upsertItems(items, true);
    await catalogue.recordInteractions(
      littleInteractions().map(({ eventId, user, item, occurredAt }) => ({
        ...{ eventId, userExternalId: user.externalId, itemExternalId: item.externalId, kind: 'PURCHASE' },
        occurredAt: new Date(occurredAt),
      })),
    );
    const itemId = { in: WITHOUT_VECTOR.map((row) => added[row]!.id) };
    await opened.database.write(async (transaction) => {
      await transaction.itemVector.deleteMany({ where: { itemId } });
      await transaction.itemVector.updateMany({ data: { encoder: SENTENCE_ENCODER } });
    });
  });

  function request() {
    const { services } = createTestCatalogue(opened);
    const job = { id: 1, config: presetConfig('tiny') as object, tokenizerId: null, lastItemId: 1e9, lastInteractionId: 1e9 }; // prettier-ignore
    return buildTrainRequest(services.database, job as unknown as TrainingJob, join(folder, String(++numJobs)));
  }

  const assigner = createFakeAssigner();
  const ignored = { onProgress: () => undefined, onWarning: () => undefined };

  /** An assigner that notes each text that it encodes. */
  function countEncoded(): { counting: CodeAssigner; encoded: string[] } {
    const encoded: string[] = [];
    const encode: CodeAssigner['encode'] = (items, signal) => {
      encoded.push(...items.map(({ text }) => text));
      return assigner.encode(items, signal);
    };
    return { counting: { ...assigner, encode }, encoded };
  }

  it('encodes the texts that have no vector, trains, and reports each phase in order', async () => {
    const job = await request();
    const itemIds = [...job.itemIds];
    const phases = new Set<FitProgress['phase']>();
    const onProgress = ({ phase }: FitProgress) => void phases.add(phase);
    const result = await runTraining(job, assigner, WORKER_DATA, { ...ignored, onProgress }, never);
    const measured = ['EVALUATION', 'REFRESH', 'BASELINES'];
    expect([...phases]).toEqual(['FEATURES', 'TOKENIZER', 'ASSIGNMENT', 'SEQ2SEQ', ...measured, 'DONE']);
    expect([...result.encoded.rows]).toEqual(WITHOUT_VECTOR);
    // The fake assigner writes the text's codes, plus one, at the beginning of the vector.
    const rows = WITHOUT_VECTOR.map((_, i) => [...result.encoded.vectors.subarray(i * FAKE_DIMS, i * FAKE_DIMS + 2)]);
    expect(rows).toEqual([[2, 4], [2, 3]]); // prettier-ignore
    expect([...result.table.itemIds]).toEqual(itemIds);
    expect(result.metrics.map(({ name }) => name)).toContain('ndcg@10');
    for (const moved of [job.vectors, job.itemIds, job.log.items, job.texts.bytes]) expect(moved).toHaveLength(0);
  }, 120_000);

  it('encodes equal texts once', async () => {
    const job = await request();
    const texts = unpackTexts(job.texts);
    WITHOUT_VECTOR.forEach((row) => (texts[row] = '#1.1 the same'));
    const { counting, encoded } = countEncoded();
    const stop = new AbortController();
    const onProgress = ({ phase }: FitProgress) => phase === 'TOKENIZER' && stop.abort();
    const both = { ...job, texts: packTexts(texts) };
    const run = runOneOfSeveral(both, counting, WORKER_DATA, { ...ignored, onProgress }, stop.signal);
    await expect(run).rejects.toMatchObject({ name: 'AbortError' });
    expect(encoded).toEqual(['#1.1 the same']);
    const [first, second] = WITHOUT_VECTOR.map((row) => both.vectors.subarray(row * both.dims, (row + 1) * both.dims));
    expect(second).toEqual(first);
  }, 120_000);

  it('keeps the arrays, and the vectors that were missing, for further runs', async () => {
    const job = await request();
    const stop = new AbortController();
    const onProgress = ({ phase }: FitProgress) => phase === 'TOKENIZER' && stop.abort();
    const run = runOneOfSeveral(job, assigner, WORKER_DATA, { ...ignored, onProgress }, stop.signal);
    await expect(run).rejects.toMatchObject({ name: 'AbortError' });
    expect(job.vectors.some(Number.isNaN)).toBe(false);
    expect(job.log.items.length).toBeGreaterThan(0);
  }, 120_000);
});

describe('encodeMissing', () => {
  const DIMS = 2;
  /** One more than a part has, and a piece. */
  const NUM_TEXTS = 4096 + 262;

  let dir: string;
  let encoded: string[];
  let parts: string[][];
  let progress: FitProgress[];

  beforeEach(async () => {
    [encoded, parts, progress] = [[], [], []];
    dir = temporaryFolder();
  });

  const textOf = (row: number) => `text ${row}`;
  const vectorOf = (text: string) => [Number(text.slice(5)), 0.1];

  /** @param failAt - The encoder fails before this many texts. */
  function encode(failAt = Infinity) {
    const assigner: Pick<CodeAssigner, 'encode'> = {
      encode: async (items) => {
        if (encoded.length >= failAt) throw new Error('the thread has ended');
        encoded.push(...items.map(({ text }) => text));
        const vectors = Float32Array.from(items.flatMap(({ text }) => vectorOf(text)));
        return { vectors, dims: DIMS, encoder: 'fake' };
      },
    };
    const vectors = new Float32Array(NUM_TEXTS * DIMS).fill(NaN);
    const texts = packTexts(Array.from({ length: NUM_TEXTS }, (_, row) => textOf(row)));
    return encodeMissing({ texts, vectors, dims: DIMS }, assigner, {
      dir,
      onProgress: (one) => progress.push(one),
      onSaved: async () => void parts.push((await readdir(dir)).sort()),
      signal: new AbortController().signal,
    });
  }

  const expected = Float32Array.from(Array.from({ length: NUM_TEXTS }, (_, row) => vectorOf(textOf(row))).flat());

  it('keeps what it has made in the folder, part by part, and says so of each', async () => {
    expect((await encode()).vectors).toEqual(expected);
    expect(parts).toEqual([['features0'], ['features0', 'features1']]);
  });

  it('encodes nothing that the folder has', async () => {
    await encode();
    encoded = [];
    const { rows, keys, vectors } = await encode();
    expect(keys[1]).toBe(textKey(textOf(1)));
    expect(encoded).toEqual([]);
    expect(vectors).toEqual(expected);
    expect(rows).toHaveLength(NUM_TEXTS);
    expect(parts).toHaveLength(2);
  });

  it('goes on after a failure where it was, in the same pieces', async () => {
    await expect(encode(4096 + 256)).rejects.toThrow('the thread has ended');
    expect(parts.at(-1)).toEqual(['features0', 'features1']);
    [encoded, progress] = [[], []];
    expect((await encode()).vectors).toEqual(expected);
    expect(encoded).toEqual(Array.from({ length: 6 }, (_, i) => textOf(4096 + 256 + i)));
    expect(progress).toMatchObject([{ phase: 'FEATURES', step: NUM_TEXTS, totalSteps: NUM_TEXTS }]);
    expect(parts.at(-1)).toEqual(['features0', 'features1', 'features2']);
  });
});
