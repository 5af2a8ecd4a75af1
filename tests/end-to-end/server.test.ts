/** The built server with its workers, a SQLite file, and real HTTP and WebSocket clients: a shop from empty to trained. */
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { testClient, type Subscription, type TestClient } from '../support/graphql-client';
import { familyVector, littleInteractions, littleItems } from '../support/little-shop';
import { OPERATIONS } from '../support/operations';
import { ADMIN_KEY, startServerProcess, type ServerProcess } from '../support/server-process';
import { temporaryFolder } from '../support/temporary-folder';
import { mutateWith, type Payload } from '../support/trained-shop';

const dir = temporaryFolder();
let server: ServerProcess;
let admin: TestClient;
let visitor: TestClient;

async function start(): Promise<void> {
  server = await startServerProcess(dir);
  admin = testClient(server.url, ADMIN_KEY);
  visitor = testClient(server.url);
}

beforeAll(async () => {
  await start();
}, 60_000);

afterAll(() => server.stop());

const mutate = (operation: string, input: object) => mutateWith(admin)(operation, input);

async function recommendationsOf(externalId: string, first = 5, options: object | null = null) {
  const variables = { user: externalId, first, options };
  return (await visitor.execute(OPERATIONS.recommendations, variables)).expectData().recommendations;
}

const itemIds = (list: { nodes: { item: { externalId: string } }[] }) => list.nodes.map(({ item }) => item.externalId);

/** The source of an item of a live model: a part of its mixture. */
const BY_MODEL = expect.stringMatching(/^(GENERATED|ITEM_HEAD|EVIDENCE)$/);

/** Reads a subscription until `isLast`. */
async function follow(subscription: Subscription, isLast: (value: Payload) => boolean): Promise<Payload[]> {
  const seen: Payload[] = [];
  for (;;) {
    const { data, errors } = await subscription.next();
    if (errors !== undefined) throw new Error(JSON.stringify(errors));
    const value = Object.values(data as object)[0];
    seen.push(value);
    if (isLast(value)) return seen;
  }
}

/** Told from the beginning, also to a subscriber that comes late or reads slowly. */
const ALL_PROGRESS = `subscription ($jobId: ID!) {
  trainingProgress(jobId: $jobId, after: 0) { phase job { status } }
}`;

async function train(): Promise<{ jobId: string; phases: string[] }> {
  const live = visitor.subscribe(OPERATIONS['training-progress']);
  const { job, userErrors } = await mutate('start-training', { preset: 'TINY', activateWhenBetter: false });
  expect(userErrors).toEqual([]);
  const isOver = ({ phase, job: { status } }: Payload) => phase === 'DONE' || status === 'FAILED';
  await follow(live, isOver);
  await live.dispose();
  const all = visitor.subscribe(ALL_PROGRESS, { jobId: job.id });
  const events = await follow(all, isOver);
  await all.dispose();
  return { jobId: job.id, phases: [...new Set(events.map(({ phase }) => phase))] };
}

/** Waits for the end of a training. A job that is cancelled before it begins has no progress to tell of: it is asked first. */
async function finished(jobId: string) {
  const read = async () => (await visitor.execute(OPERATIONS['training-job'], { id: jobId })).expectData().trainingJob;
  const now = await read();
  if (now.finishedAt !== null) return now;
  const live = visitor.subscribe(OPERATIONS['training-progress'], { jobId });
  await follow(live, ({ job: { status } }) => status !== 'QUEUED' && status !== 'RUNNING');
  await live.dispose();
  return read();
}

async function activate(modelVersionId: string) {
  const { userErrors, modelVersion } = await mutate('activate-model-version', { modelVersionId });
  expect(userErrors).toEqual([]);
  return modelVersion;
}

describe('tigerql serve', () => {
  let firstVersion: { id: string; number: number };

  it('accepts a shop, and lists popular items with their source', async () => {
    const { userErrors } = await mutate('upsert-items', { items: littleItems() });
    expect(userErrors).toEqual([]);
    const recorded = await mutate('record-interactions', { interactions: littleInteractions() });
    expect(recorded).toMatchObject({ recorded: 240, userErrors: [] });
    const list = await recommendationsOf('user-1');
    expect(list.nodes).toHaveLength(5);
    expect(list.nodes.every(({ source }: { source: string }) => source === 'POPULARITY')).toBe(true);
    expect(list.modelVersion).toBeNull();
  });

  it('pushes the progress of a training, and stores a version with its metrics', async () => {
    const { jobId, phases } = await train();
    expect(phases).toEqual(expect.arrayContaining(['TOKENIZER', 'SEQ2SEQ', 'EVALUATION', 'DONE']));
    const job = await finished(jobId);
    expect(job).toMatchObject({ status: 'SUCCEEDED', error: null });
    firstVersion = job.modelVersion;
    const { modelVersions } = (await visitor.execute(OPERATIONS.models)).expectData();
    const names = modelVersions.nodes[0].metrics.map(({ name }: { name: string }) => name);
    expect(names).toEqual(
      expect.arrayContaining([
        'ndcg@10',
        expect.stringMatching(/^(baseline|floor)\.popularity\.ndcg@10$/),
        'collision.rate',
      ]),
    );
  }, 120_000);

  it('makes the version live, and generates the answer to the same query', async () => {
    expect(await activate(firstVersion.id)).toMatchObject({ status: 'ACTIVE' });
    const answer = (await visitor.execute(OPERATIONS.shop, { first: 3 })).expectData();
    for (const { node } of answer.users.edges) {
      const bought = new Set(node.history.edges.map((edge: Payload) => edge.node.item.externalId));
      expect(node.recommendations.modelVersion.number).toBe(firstVersion.number);
      for (const one of node.recommendations.nodes) {
        expect(one.source).toEqual(BY_MODEL);
        expect(bought.has(one.item.externalId)).toBe(false);
        expect(one.item.semanticId.prefixes).toHaveLength(one.item.semanticId.codes.length);
        const sum = one.explanation.reduce(
          (total: number, step: { logProbability: number }) => total + step.logProbability,
          0,
        );
        if (one.decoderScore === null) expect(one.explanation).toEqual([]);
        else {
          expect(sum).toBeCloseTo(one.decoderScore, 5);
          expect(one.explanation.map(({ code }: { code: number }) => code)).toEqual(one.item.semanticId.codes);
        }
      }
    }
  });

  it('gives a new item its codes at once and can recommend it in the next request', async () => {
    const item = {
      externalId: 'newcomer',
      title: 'Newcomer',
      categories: ['family 2'],
      embedding: familyVector(2, 999),
    };
    const { items, userErrors } = await mutate('upsert-items', { items: [item] });
    expect(userErrors).toEqual([]);
    expect(items[0].semanticId.text).toMatch(/^<a_\d+><b_\d+><c_\d+>$/);
    const list = await recommendationsOf('user-2', 1, { filter: { externalIds: ['newcomer'] } });
    expect(list.nodes[0]).toMatchObject({ source: 'GENERATED', item: { externalId: 'newcomer' } });
  });

  it("changes a user's next recommendations when something is bought", async () => {
    const before = itemIds(await recommendationsOf('user-5'));
    const interactions = [{ user: { externalId: 'user-5' }, item: { externalId: before[0] }, eventId: 'bought-now' }];
    expect(await mutate('record-interactions', { interactions })).toMatchObject({ recorded: 1 });
    expect(await mutate('record-interactions', { interactions })).toMatchObject({ recorded: 0, userErrors: [] });
    expect(itemIds(await recommendationsOf('user-5'))).not.toContain(before[0]);
  });

  it('has the same model and the same lists after a restart', async () => {
    const before = await recommendationsOf('user-7');
    expect(await server.stop()).toBe(0);
    await start();
    expect(await recommendationsOf('user-7')).toEqual(before);
  }, 60_000);

  it('starts without a damaged model, and names the damaged file', async () => {
    await server.stop();
    const weights = (await readdir(dir, { recursive: true })).filter((path) =>
      /checkpoint(-\d+)?[\\/]weights\.safetensors$/.test(path),
    );
    expect(weights).not.toEqual([]);
    for (const path of weights) {
      const bytes = await readFile(join(dir, path));
      bytes[bytes.length - 1] ^= 0xff;
      await writeFile(join(dir, path), bytes);
    }
    await start();
    expect(await recommendationsOf('user-7')).toMatchObject({ modelVersion: null, nodes: [{}, {}, {}, {}, {}] });
    expect(server.output()).toMatch(/weights\.safetensors: expected SHA-256/);
    const refused = await mutate('activate-model-version', { modelVersionId: firstVersion.id });
    expect(refused.userErrors).toEqual([expect.objectContaining({ code: 'UNUSABLE_CHECKPOINT' })]);
  }, 60_000);
});
