/** A shop whose items have no texts that tell them apart: a server trains on what is bought together, and answers as ever. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createRandom } from '../../models/math/random';
import { testClient, type TestClient } from '../support/graphql-client';
import { OPERATIONS } from '../support/operations';
import { ADMIN_KEY, type ServerProcess, startServerProcess } from '../support/server-process';
import { mutateWith, type Payload, train } from '../support/trained-shop';

const [BOUGHT, NEVER_BOUGHT, LATER] = [40, 80, 70];
/** Items 0 … 3, 4 … 7 and so on are bought together. */
const GROUP = 4;

const itemsFrom = (first: number, count: number) =>
  Array.from({ length: count }, (_, i) => ({ externalId: `item-${first + i}`, title: 'Item' }));

const isNeverBought = ({ externalId }: { readonly externalId: string }) =>
  Number(externalId.slice('item-'.length)) >= BOUGHT;

/** Each user buys all items of two groups. */
function interactions() {
  return Array.from({ length: 120 }, (_, user) => {
    const random = createRandom(user);
    const groups = [user % (BOUGHT / GROUP), random.int(BOUGHT / GROUP)];
    return groups.flatMap((group, g) => {
      const members = Array.from({ length: GROUP }, (_, i) => GROUP * group + i);
      random.shuffle(members);
      return members.map((item, step) => ({
        eventId: `${user}:${g}:${step}`,
        userExternalId: `user-${user}`,
        itemExternalId: `item-${item}`,
        occurredAt: new Date(Date.UTC(2026, 0, 1 + user, 5 * g + step)).toISOString(),
      }));
    });
  }).flat();
}

let dir: string;
let server: ServerProcess;
let admin: TestClient;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tigerql-no-texts-'));
  server = await startServerProcess(dir);
  admin = testClient(server.url, ADMIN_KEY);
});
afterAll(async () => {
  await server.stop();
  await rm(dir, { recursive: true });
});

const ask = async (operation: string, variables: Readonly<Record<string, unknown>>) =>
  (await admin.execute(OPERATIONS[operation] ?? operation, variables)).expectData();

describe('a shop without texts', () => {
  let job: { readonly id: string; readonly modelVersion: { readonly status: string } };
  beforeAll(async () => {
    const mutate = mutateWith(admin);
    for (let at = 0; at < BOUGHT + NEVER_BOUGHT; at += 40) await mutate('add-items', { items: itemsFrom(at, 40) });
    await mutate('record-interactions', { interactions: interactions() });
    job = await train(admin, { preset: 'demo' });
  }, 300_000);

  it('is trained, warns in the progress of the job, and is served', async () => {
    expect(job.modelVersion.status).toBe('ACTIVE');
    const { trainingJob } = await ask('query ($id: ID!) { trainingJob(id: $id) { progress { warnings } } }', {
      id: job.id,
    });
    expect(trainingJob.progress.warnings).toContainEqual(expect.stringContaining('only what is bought together'));
    expect(server.output()).toContain('only what is bought together');
  });

  it('recommends what is bought together, and a cold item where a place is kept', async () => {
    const options = { coldStartShare: 0.2 };
    const history = ['item-0', 'item-1', 'item-2'];
    const { recommendations } = await ask('history-recommendations', { history, first: 5, options });
    const { [0]: first, [4]: last } = recommendations.nodes;
    expect(first.item.externalId).toBe('item-3');
    expect([last.source, isNeverBought(last.item)]).toEqual(['COLD_START', true]);
  });

  it('gives each item an ID of its own, and answers which are similar', async () => {
    const { items } = await ask('items', { first: 100 });
    const ids = items.edges.map(({ node }: Payload) => node.semanticId.text);
    expect(new Set(ids).size).toBe(100);
    const { item } = await ask('similar-items', { externalId: `item-${BOUGHT}` });
    expect(item.similarItems.nodes).toHaveLength(10);
    expect(item.similarItems.nodes.every(isNeverBought)).toBe(true);
  });

  it('gives codes to more new items than a group has room for', async () => {
    const added = await mutateWith(admin)('add-items', { items: itemsFrom(BOUGHT + NEVER_BOUGHT, LATER) });
    expect(added.userErrors).toEqual([]);
    expect(added.items.filter(({ semanticId }: Payload) => semanticId === null)).toEqual([]);
  });
});
