/** Each mistake that a caller can make, at the real server: the error names it, and nothing changes. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { toGlobalId } from '../../graphql/common/global-id';
import { testClient, type TestClient } from '../support/graphql-client';
import { littleItems } from '../support/little-shop';
import { OPERATIONS } from '../support/operations';
import { ADMIN_KEY, startServerProcess, type ServerProcess } from '../support/server-process';

let dir: string;
let server: ServerProcess;
let admin: TestClient;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tigerql-bad-input-'));
  server = await startServerProcess(dir);
  admin = testClient(server.url, ADMIN_KEY);
  await admin.execute(OPERATIONS['add-items'], { input: { items: littleItems() } });
}, 60_000);

afterAll(async () => {
  await server.stop();
  await rm(dir, { recursive: true });
});

async function state(): Promise<unknown> {
  return (
    await admin.execute('{ catalogue { version itemCount userCount interactionCount } trainingJobs { nodes { id } } }')
  ).expectData();
}

const item = (externalId: string, changes: object = {}) => ({
  externalId,
  title: 'T',
  embedding: littleItems()[0].embedding,
  ...changes,
});
const event = (changes: object = {}) => ({ userExternalId: 'u', itemExternalId: 'item-1', ...changes });
const ITEM = toGlobalId('Item', 1);
const unknownItem = toGlobalId('Item', 999_999);
const unknownJob = toGlobalId('TrainingJob', 99);
const unknownVersion = toGlobalId('ModelVersion', 99);

describe('a mutation with bad input', () => {
  it.each<[string, string, object, string]>([
    ['a duplicate externalId', 'add-items', { items: [item('item-1')] }, 'DUPLICATE'],
    ['the same externalId twice', 'add-items', { items: [item('a'), item('a')] }, 'DUPLICATE'],
    ['an embedding of another length', 'add-items', { items: [item('a', { embedding: [1, 2] })] }, 'INVALID'],
    [
      'an unknown item in an interaction',
      'record-interactions',
      { interactions: [event(), event({ itemExternalId: 'no' })] },
      'NOT_FOUND',
    ],
    ['an empty title', 'add-items', { items: [item('a', { title: '' })] }, 'INVALID'],
    ['a price of -1', 'add-items', { items: [item('a', { price: -1 })] }, 'OUT_OF_RANGE'],
    ['a price of -1 beside others', 'add-items', { items: [item('a', { price: -1 })], atomic: false }, 'OUT_OF_RANGE'],
    ['a NUL in a title', 'add-items', { items: [item('a', { title: 'a\0' })] }, 'INVALID'],
    ['a NUL beside others', 'add-items', { items: [item('a', { title: 'a\0' })], atomic: false }, 'INVALID'],
    ['a NUL in attributes', 'update-items', { items: [{ itemId: ITEM, attributes: { a: ['\0'] } }] }, 'INVALID'],
    [
      'a NUL in the id of an item',
      'record-interactions',
      { interactions: [event({ itemExternalId: '\0' })] },
      'INVALID',
    ],
    ['an unknown preset', 'start-training', { preset: 'huge' }, 'UNKNOWN_PRESET'],
    ['an unknown item id', 'remove-items', { itemIds: [unknownItem] }, 'NOT_FOUND'],
    ['an id of another type', 'remove-items', { itemIds: [toGlobalId('User', 1)] }, 'NOT_FOUND'],
    ['an unknown training job', 'cancel-training', { jobId: unknownJob }, 'NOT_FOUND'],
    ['an unknown model version', 'activate-model-version', { modelVersionId: unknownVersion }, 'NOT_FOUND'],
    [
      'codes while no model is live',
      'reassign-semantic-ids',
      { assignments: [{ itemId: unknownItem, codes: [1] }] },
      'NO_LIVE_MODEL',
    ],
  ])('is answered by a user error for %s', async (_, operation, input, code) => {
    const before = await state();
    const data = (await admin.execute(OPERATIONS[operation], { input })).expectData();
    const { userErrors } = Object.values(data)[0] as { userErrors: { code: string; message: string }[] };
    expect(userErrors[0].code).toBe(code);
    expect(userErrors[0].message).toMatch(/\w+/);
    expect(await state()).toEqual(before);
  });

  it.each<[string, string, object]>([
    ['remove-items', unknownItem, { itemIds: [unknownItem] }],
    ['update-items', unknownItem, { items: [{ itemId: unknownItem }] }],
    ['cancel-training', unknownJob, { jobId: unknownJob }],
    ['activate-model-version', unknownVersion, { modelVersionId: unknownVersion }],
  ])('is named by the ID that was sent (%s)', async (operation, id, input) => {
    const data = (await admin.execute(OPERATIONS[operation], { input })).expectData();
    const { userErrors } = Object.values(data)[0] as { userErrors: { message: string }[] };
    expect(userErrors[0].message).toContain(`got ${id}`);
  });

  it.each<[string, string, object]>([
    ['an empty batch', 'add-items', { items: [] }],
    ['a batch of 1,001', 'add-items', { items: Array.from({ length: 1001 }, (_, i) => item(`x${i}`)) }],
    ['a malformed date', 'record-interactions', { interactions: [event({ occurredAt: 'yesterday' })] }],
  ])('is refused as malformed for %s', async (_, operation, input) => {
    const before = await state();
    const codes = (await admin.execute(OPERATIONS[operation], { input })).expectErrors();
    expect(codes).toEqual(['BAD_USER_INPUT']);
    expect(await state()).toEqual(before);
  });
});

describe('a query with bad input', () => {
  it.each<[string, string]>([
    ['first: 0', '{ items(first: 0) { nodes { id } } }'],
    ['first: 101', '{ items(first: 101) { nodes { id } } }'],
    ['a made-up cursor', '{ items(after: "nonsense") { nodes { id } } }'],
    [
      'a negative temperature',
      '{ recommendations(history: ["item-1"], options: { temperature: -1 }) { nodes { rank } } }',
    ],
  ])('is refused for %s', async (_, document) => {
    expect((await admin.execute(document)).expectErrors()).toEqual(['BAD_USER_INPUT']);
  });

  it('answers null for things that do not exist', async () => {
    const data = (
      await admin.execute(
        `{ item(externalId: "no") { id } user(externalId: "no") { id } node(id: "${unknownItem}") { id } activeModel { id } }`,
      )
    ).expectData();
    expect(data).toEqual({ item: null, user: null, node: null, activeModel: null });
  });
});
