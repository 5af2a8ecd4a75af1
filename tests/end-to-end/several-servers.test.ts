/** Two server processes on one PostgreSQL: what happens on one is known on the other, also after the database or a server was gone. */
import { type TestClient, testClient } from '../support/graphql-client';
import { littleInteractions, littleItems } from '../support/little-shop';
import { OPERATIONS } from '../support/operations';
import { type ServerFleet, startFleet } from '../support/server-fleet';
import { ADMIN_KEY } from '../support/server-process';
import { mutateWith } from '../support/trained-shop';
import { until } from '../support/until';

const LIST = `{ user(externalId: "user-1") { recommendations(first: 5) {
  catalogueVersion modelVersion { number } nodes { source item { externalId } }
} } }`;

interface ProgressEvent {
  readonly event: number;
  readonly phase: string;
  readonly step: number;
}

/** @returns All events of the training, as a subscriber that comes late gets them. */
async function storedProgress(client: TestClient): Promise<ProgressEvent[]> {
  const subscription = client.subscribe('subscription { trainingProgress(after: 0) { event phase step } }');
  const events: ProgressEvent[] = [];
  do events.push((await subscription.next()).data.trainingProgress);
  while (events.at(-1)!.phase !== 'DONE');
  await subscription.dispose();
  return events;
}

describe('two servers on one PostgreSQL', () => {
  let fleet: ServerFleet;
  let clients: TestClient[];

  beforeAll(async () => {
    fleet = await startFleet(2, { DATABASE_POOL_SIZE: '4' });
    clients = fleet.urls.map((url) => testClient(url, ADMIN_KEY));
    await mutateWith(clients[0])('upsert-items', { items: littleItems() });
    await mutateWith(clients[0])('record-interactions', { interactions: littleInteractions() });
  }, 60_000);
  afterAll(() => fleet.dispose());

  it('tell the subscribers of both of a training, step by step, and of its activation', async () => {
    const progress = clients.map((client) =>
      client.subscribe('subscription { trainingProgress { event phase step job { status } } }'),
    );
    const activations = clients.map((client) => client.subscribe(OPERATIONS['active-model-changes']));
    await Promise.all(clients.map((client) => client.execute('{ __typename }')));
    await mutateWith(clients[0])('start-training', { preset: 'TINY', activateWhenBetter: true });
    const seen = await Promise.all(
      progress.map(async (subscription) => {
        const events = [];
        do events.push((await subscription.next()).data.trainingProgress);
        while (events.at(-1).phase !== 'DONE');
        return events;
      }),
    );
    const numbered = seen.map((events) => events.filter(({ event }) => event !== null));
    const stored = await Promise.all(clients.map(storedProgress));
    expect(stored[1]).toEqual(stored[0]);
    for (const events of numbered) {
      // Each once and in order, from the first that came after the subscription.
      const told = events.map(({ event, phase, step }) => ({ event, phase, step }));
      expect(told).toEqual(stored[0].slice(-told.length));
      expect(events.at(-1)).toMatchObject({ phase: 'DONE', job: { status: 'SUCCEEDED' } });
    }
    for (const subscription of activations) {
      expect((await subscription.next()).data.activeModelChanges.modelVersion).toMatchObject({
        number: 1,
        status: 'ACTIVE',
      });
    }
    for (const client of clients) {
      const { recommendations } = (await client.execute(LIST)).expectData().user;
      expect(recommendations.modelVersion).toEqual({ number: 1 });
    }
    await Promise.all([...progress, ...activations].map((subscription) => subscription.dispose()));
  }, 120_000);

  it('give a client that comes back the activations that it has missed, and then those that come', async () => {
    const { catalogue, activeModel } = (
      await clients[0].execute('{ catalogue { version } activeModel { id } }')
    ).expectData();
    const activate = () => mutateWith(clients[0])('activate-model-version', { modelVersionId: activeModel.id });
    let after: number = catalogue.version;
    // Each time the client was away, and then stays.
    for (let n = 0; n < 2; n++) {
      await activate();
      const subscription = clients[1].subscribe(OPERATIONS['active-model-changes'], { after });
      const missed = (await subscription.next()).data.activeModelChanges.catalogueVersion;
      await activate();
      const live = (await subscription.next()).data.activeModelChanges.catalogueVersion;
      await subscription.dispose();
      expect([missed, live]).toEqual([after + 1, after + 2]);
      after = live;
    }
  }, 60_000);

  it('leave out what is sold out on another server, and what the clock ends', async () => {
    const ends = new Date(Date.now() + 2_000).toISOString();
    const listed = '{ user(externalId: "user-1") { recommendations(first: 48) { nodes { item { externalId } } } } }';
    const hasThem = async (client: TestClient) => {
      const { nodes } = (await client.execute(listed)).expectData().user.recommendations;
      return nodes.some(({ item }: { item: { externalId: string } }) => ['item-2', 'item-6'].includes(item.externalId));
    };
    const soldOut = { externalId: 'item-2', title: 'Item 2', availability: 'OUT_OF_STOCK' };
    const ending = { externalId: 'item-6', title: 'Item 6', availableUntil: ends };
    expect(await Promise.all(clients.map(hasThem))).toEqual([true, true]);
    await mutateWith(clients[0])('upsert-items', { items: [soldOut, ending] });
    for (const client of clients) await until(async () => !(await hasThem(client)));
  }, 60_000);

  it('have what is saved of a placement in force at the next request, on both', async () => {
    const listed = `{ user(externalId: "user-2") { recommendations(first: 5, placement: "home/top") {
      placementState nodes { rules { kind place } item { externalId } }
    } } }`;
    const listOn = async (server: number) => {
      const { placementState, nodes } = (await clients[server].execute(listed)).expectData().user.recommendations;
      return { placementState, ids: nodes.map(({ item }: { item: { externalId: string } }) => item.externalId), nodes };
    };
    const save = (server: number, basedOn: number | null, ...actions: object[]) =>
      mutateWith(clients[server])('save-placement', {
        ...{ name: 'home/top', basedOn },
        definition: { rules: actions.map((action) => ({ action })) },
      });
    const { placementState, ids } = await listOn(1);
    expect(placementState).toBeNull();
    const pin = { pin: { item: { externalId: 'item-9' }, place: 3 } };
    await save(0, null, { hide: { filter: { externalIds: [ids[0]] } } }, pin);
    const now = await listOn(1);
    expect(now).toMatchObject({ placementState: 1, nodes: { 2: { rules: [{ kind: 'PIN', place: 3 }] } } });
    expect([now.ids[2], now.ids.includes(ids[0])]).toEqual(['item-9', false]);
    const { userErrors, inForce } = await save(1, null, pin);
    expect([userErrors[0].code, inForce.number]).toEqual(['CONFLICT', 1]);
    await Promise.all([save(0, 1), save(1, 1)]);
    expect(await listOn(0)).toMatchObject({ placementState: 2, nodes: { 2: { rules: [] } } });
    await mutateWith(clients[1])('restore-placement', { name: 'home/top', state: 1 });
    const restored = await listOn(0);
    expect([restored.placementState, restored.ids[2], restored.ids.includes(ids[0])]).toEqual([3, 'item-9', false]);
    await mutateWith(clients[0])('remove-placement', { name: 'home/top' });
    expect(await listOn(1)).toMatchObject({ placementState: null, nodes: { 2: { rules: [] } } });
  }, 60_000);

  it('say that the database gives no answer, and go on when it is back, subscriptions too', async () => {
    const { catalogue } = (await clients[0].execute('{ catalogue { version } }')).expectData();
    const changes = clients[1].subscribe(`subscription { catalogueChanges(after: ${catalogue.version}) { version } }`);
    const item = { externalId: 'before', title: 'Before', embedding: littleItems()[0].embedding };
    const before = await mutateWith(clients[0])('upsert-items', { items: [item] });
    expect((await changes.next()).data.catalogueChanges.version).toBe(before.catalogueVersion);
    let isDone = false;
    const codes = new Set<unknown>();
    const asking = (async () => {
      while (!isDone) {
        const { errors } = await clients[1].execute('{ catalogue { version } users(first: 1) { nodes { id } } }');
        for (const { extensions } of errors) codes.add(extensions?.code);
      }
    })();
    await fleet.postgres.restart();
    isDone = true;
    await asking;
    expect([...codes].filter((code) => code !== 'DATABASE_UNAVAILABLE')).toEqual([]);
    const later = { ...item, externalId: 'after' };
    const { catalogueVersion } = await mutateWith(clients[0])('upsert-items', { items: [later] });
    expect((await changes.next()).data.catalogueChanges.version).toBe(catalogueVersion);
    await changes.dispose();
  }, 60_000);

  it('have everything again on a server that was killed', async () => {
    const { catalogue } = (await clients[0].execute('{ catalogue { version } }')).expectData();
    const cut = clients[1].subscribe('subscription { catalogueChanges { version } }');
    await clients[1].execute('{ __typename }');
    const missed: number[] = [];
    const changeMeanwhile = async () => {
      await cut.closed;
      for (let n = 0; n < 40; n++) {
        const away = { externalId: `away-${n}`, title: 'Away', embedding: littleItems()[n % 10].embedding };
        const { catalogueVersion, userErrors } = await mutateWith(clients[0])('upsert-items', { items: [away] });
        expect(userErrors).toEqual([]);
        missed.push(catalogueVersion);
      }
    };
    await Promise.all([fleet.killAndRestart(1), changeMeanwhile()]);
    const back = clients[1].subscribe(`subscription { catalogueChanges(after: ${catalogue.version}) { version } }`);
    for (const version of missed) expect((await back.next()).data.catalogueChanges.version).toBe(version);
    const item = { externalId: 'late', title: 'Late', embedding: littleItems()[1].embedding };
    const { items, catalogueVersion } = await mutateWith(clients[1])('upsert-items', { items: [item] });
    expect((await back.next()).data.catalogueChanges.version).toBe(catalogueVersion);
    await Promise.all([cut, back].map((subscription) => subscription.dispose()));
    await mutateWith(clients[0])('remove-items', { items: [{ id: items[0].id }] });
    const { recommendations } = (await clients[1].execute(LIST)).expectData().user;
    expect(recommendations.modelVersion).toEqual({ number: 1 });
    expect(recommendations.catalogueVersion).toBeGreaterThanOrEqual(catalogueVersion);
  }, 60_000);
});
