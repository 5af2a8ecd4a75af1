/** Trains the little shop with the preset `tiny`, in a real worker thread. */
import { join } from 'node:path';

import { presetConfig } from '../../../models/config';
import { packTexts, unpackTexts } from '../../../models/math/packed-texts';
import { SENTENCE_ENCODER } from '../../../models/text/sentence-encoder';
import type { FitProgress } from '../../../models/training/fit-input';
import type { TrainingJob } from '../../../prisma/generated/sqlite/client';
import type { CodeAssigner } from '../../../src/semantic-ids/code-assigner';
import { buildTrainRequest } from '../../../src/training/training-data';
import { encodeMissing, type MadeVector, runTraining } from '../../../src/training/training-runner';
import { createTestCatalogue } from '../../support/catalogue';
import { useTestDatabase } from '../../support/database';
import { createFakeAssigner } from '../../support/fake-assigner';
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
    const made: MadeVector[] = [];
    const onEncoded = async (some: readonly MadeVector[]) =>
      void made.push(...some.map((one) => ({ ...one, vector: one.vector.slice() })));
    const result = await runTraining(job, assigner, WORKER_DATA, { ...ignored, onProgress, onEncoded }, never);
    const measured = ['EVALUATION', 'REFRESH', 'BASELINES'];
    expect([...phases]).toEqual(['FEATURES', 'TOKENIZER', 'ASSIGNMENT', 'SEQ2SEQ', ...measured, 'DONE']);
    expect(made.map(({ itemId }) => itemId)).toEqual(WITHOUT_VECTOR.map((row) => itemIds[row]));
    // The fake assigner writes the text's codes, plus one, at the beginning of the vector.
    expect(made.map(({ vector }) => [...vector.subarray(0, 2)])).toEqual([[2, 4], [2, 3]]); // prettier-ignore
    expect([...result.table.itemIds]).toEqual(itemIds);
    expect(result.metrics.map(({ name }) => name)).toContain('ndcg@10');
    for (const moved of [job.vectors, job.itemIds, job.log.items, job.texts.bytes]) expect(moved).toHaveLength(0);
  }, 120_000);

  it('encodes equal texts once', async () => {
    const job = await request();
    const texts = unpackTexts(job.texts);
    WITHOUT_VECTOR.forEach((row) => (texts[row] = '#1.1 the same'));
    const { counting, encoded } = countEncoded();
    const both = { ...job, texts: packTexts(texts) };
    await encodeMissing(both, counting, ignored, new AbortController().signal);
    expect(encoded).toEqual(['#1.1 the same']);
    const [first, second] = WITHOUT_VECTOR.map((row) => both.vectors.subarray(row * both.dims, (row + 1) * both.dims));
    expect(second).toEqual(first);
  }, 120_000);
});

describe('encodeMissing', () => {
  const DIMS = 2;
  const NUM_TEXTS = 300;
  const textOf = (row: number) => `text ${row}`;
  const vectorOf = (text: string) => [Number(text.slice(5)), 0.1];

  it('hands on what it has made piece by piece, and makes nothing again that is there', async () => {
    const made: MadeVector[][] = [];
    let encoded = 0;
    const assigner: Pick<CodeAssigner, 'encode'> = {
      encode: async (items) => {
        encoded += items.length;
        return {
          vectors: Float32Array.from(items.flatMap(({ text }) => vectorOf(text))),
          dims: DIMS,
          encoder: 'fake',
        };
      },
    };
    const request = {
      itemIds: Int32Array.from({ length: NUM_TEXTS }, (_, row) => row + 1),
      texts: packTexts(Array.from({ length: NUM_TEXTS }, (_, row) => textOf(row))),
      vectors: new Float32Array(NUM_TEXTS * DIMS).fill(NaN),
      dims: DIMS,
    };
    const progress: number[] = [];
    const events = {
      onProgress: ({ step }: FitProgress) => void progress.push(step),
      onEncoded: async (some: readonly MadeVector[]) => void made.push([...some]),
    };
    await encodeMissing(request, assigner, events, never);
    expect(request.vectors).toEqual(
      Float32Array.from(Array.from({ length: NUM_TEXTS }, (_, row) => vectorOf(textOf(row))).flat()),
    );
    expect(made.map(({ length }) => length)).toEqual([256, NUM_TEXTS - 256]);
    expect(made[1][0]).toMatchObject({ itemId: 257, text: textOf(256) });
    expect(progress).toEqual([256, NUM_TEXTS]);
    await encodeMissing(request, assigner, events, never);
    expect(encoded).toBe(NUM_TEXTS);
  });
});
