import { toGlobalId } from '../../graphql/common/global-id';
import { type RunningServer, startServer } from '../../src/http/server';
import { createFakeApp, type FakeApp, KEYS, MODEL, testConfig } from '../support/fake-ports';
import { testClient, type TestClient } from '../support/graphql-client';
import { OPERATIONS } from '../support/operations';

let app: FakeApp;
let server: RunningServer;
let reader: TestClient;
let admin: TestClient;

beforeAll(async () => {
  app = createFakeApp();
  server = await startServer(app, testConfig());
  reader = testClient(server.url);
  admin = testClient(server.url, KEYS.ADMIN);
});
afterAll(() => server.close());
beforeEach(() => app.services.calls.splice(0));

const callsOf = (port: string) => app.services.calls.filter((call) => call.port === port).map(({ args }) => args);

describe('Shop', () => {
  it('answers users with history and recommendations, explained code by code', async () => {
    const { users } = (await reader.execute(OPERATIONS.shop, { first: 2, recommendationsFirst: 1 })).expectData();
    expect(users.edges).toHaveLength(2);
    const user = users.edges[0].node;
    expect(user).toMatchObject({ id: toGlobalId('User', 1), externalId: 'user-1' });
    expect(user.history.edges.map(({ node }: { node: { item: unknown } }) => node.item)).toEqual([
      { externalId: 'item-2', title: 'Item 2' },
      { externalId: 'item-1', title: 'Item 1' },
    ]);
    expect(user.recommendations).toEqual({
      catalogueVersion: 7,
      modelVersion: { number: 1, preset: 'tiny', device: 'onnx-cpu' },
      edges: [
        {
          node: {
            rank: 1,
            score: -1.5,
            source: 'GENERATED',
            decoderScore: -1.5,
            itemHeadScore: -1.25,
            item: {
              id: toGlobalId('Item', 3),
              externalId: 'item-3',
              title: 'Item 3',
              price: 4.5,
              semanticId: {
                text: '<a_2><b_3><c_0>',
                codes: [2, 3, 0],
                collisionToken: 0,
                prefixes: [
                  { codes: [2], depth: 1, itemCount: 2 },
                  { codes: [2, 3], depth: 2, itemCount: 1 },
                  { codes: [2, 3, 0], depth: 3, itemCount: 1 },
                ],
              },
            },
            explanation: [
              { level: 0, code: 2, logProbability: -0.5, prefix: { itemCount: 2, topCategories: ['things'] } },
              { level: 1, code: 3, logProbability: -0.5, prefix: { itemCount: 1, topCategories: ['things'] } },
              { level: 2, code: 0, logProbability: -0.5, prefix: { itemCount: 1, topCategories: ['things'] } },
            ],
          },
        },
      ],
    });
  });

  it('goes on behind the cursor that a page ends with', async () => {
    const first = (await reader.execute(OPERATIONS.shop, { first: 2 })).expectData().users;
    expect(first.pageInfo).toEqual({ hasNextPage: true, endCursor: '2' });
    const next = (await reader.execute(OPERATIONS.shop, { first: 1, after: first.pageInfo.endCursor })).expectData();
    expect(next.users.edges[0].node.externalId).toBe('user-3');
  });

  it('answers 100 users with 10 recommendations each', async () => {
    const { users } = (await reader.execute(OPERATIONS.shop, { first: 100, recommendationsFirst: 10 })).expectData();
    expect(users.edges).toHaveLength(100);
    expect(callsOf('recommendations')).toHaveLength(100);
  });

  it('hands options to the recommender as they came', async () => {
    const options = { temperature: 0.5, seed: 3, filter: { brands: ['Odd'], addedAfter: '2024-01-01T00:00:00Z' } };
    (await reader.execute(OPERATIONS.shop, { first: 1, options })).expectData();
    expect(callsOf('recommendations')[0][1]).toEqual({
      first: 5,
      temperature: 0.5,
      seed: 3,
      includeSeen: false,
      filter: { brands: ['Odd'], addedAfter: new Date('2024-01-01T00:00:00Z') },
    });
  });
});

describe('HistoryRecommendations', () => {
  it('names the unknown items of the history in the extensions', async () => {
    const answer = await reader.execute(OPERATIONS['history-recommendations'], { history: ['item-1', 'nobody'] });
    expect(answer.expectData().recommendations.nodes).toHaveLength(4);
    expect(answer.extensions).toEqual({ skippedItems: ['nobody'] });
  });

  it('has no extensions when every item is known', async () => {
    const answer = await reader.execute(OPERATIONS['history-recommendations'], { history: ['item-1'] });
    answer.expectData();
    expect(answer.extensions).toEqual({});
  });
});

describe('reading', () => {
  it('fetches again by global ID, in order, with null for what is not there', async () => {
    const ids = [
      toGlobalId('TrainingJob', 1),
      toGlobalId('Item', 99),
      toGlobalId('User', 1),
      'nonsense',
      toGlobalId('ModelVersion', 1),
      toGlobalId('Item', 4),
      toGlobalId('ApiKey', 1),
    ];
    const document = 'query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on Item { title } } }';
    const { nodes } = (await reader.execute(document, { ids })).expectData();
    expect(nodes).toEqual([
      { __typename: 'TrainingJob', id: ids[0] },
      null,
      { __typename: 'User', id: ids[2] },
      null,
      { __typename: 'ModelVersion', id: ids[4] },
      { __typename: 'Item', id: ids[5], title: 'Item 4' },
      null,
    ]);
  });

  it('answers null for what is not there', async () => {
    const document = `{
      item(externalId: "nobody") { id }
      user(externalId: "nobody") { id }
      trainingJob(id: "nonsense") { id }
      semanticIdPrefix(codes: [250]) { itemCount }
    }`;
    const data = (await reader.execute(document)).expectData();
    expect(data).toEqual({ item: null, user: null, trainingJob: null, semanticIdPrefix: null });
  });

  it('takes an explicit null for the default', async () => {
    (await reader.execute(OPERATIONS.items, { first: null, after: null, filter: null })).expectData();
    expect(callsOf('items')).toEqual([[{ first: 20, after: null }, null]]);
  });

  it('UserRecommendations asks for the list of that user, with what options say', async () => {
    const variables = { externalId: 'user-2', first: 2, options: { includeSeen: true } };
    const { user } = (await reader.execute(OPERATIONS['user-recommendations'], variables)).expectData();
    expect(callsOf('recommendations')).toEqual([[2, { first: 2, includeSeen: true }]]);
    expect(user.recommendations).toMatchObject({ catalogueVersion: 7, emptyReason: null, modelVersion: { number: 1 } });
    expect(user.recommendations.nodes.map(({ item }: { item: { externalId: string } }) => item.externalId)).toEqual([
      'item-3',
      'item-4',
    ]);
  });

  it('SimilarItems asks for the neighbours of the row that the external ID names', async () => {
    const { item } = (
      await reader.execute(OPERATIONS['similar-items'], { externalId: 'item-2', first: 2 })
    ).expectData();
    expect(callsOf('similarItems')).toEqual([[2, { first: 2, after: null }]]);
    expect(item).toMatchObject({ id: toGlobalId('Item', 2), semanticId: { text: '<a_1><b_7><c_1>' } });
    expect(item.similarItems.nodes.map(({ externalId }: { externalId: string }) => externalId)).toEqual([
      'item-1',
      'item-3',
    ]);
  });

  it('Prefix reads a node of the trie with its parent, a page of its children and its first items', async () => {
    const variables = { codes: [1], first: 2, after: '1' };
    const { semanticIdPrefix } = (await reader.execute(OPERATIONS.prefix, variables)).expectData();
    expect(callsOf('prefixChildren')).toEqual([[[1], { first: 2, after: '1' }]]);
    expect(callsOf('prefixItems')).toEqual([[[1], { first: 10, after: null }]]);
    expect(semanticIdPrefix).toMatchObject({
      codes: [1],
      depth: 1,
      itemCount: 2,
      topCategories: ['things'],
      parent: { codes: [], itemCount: 6 },
      children: { nodes: [{ codes: [1, 3] }, { codes: [1, 4] }], pageInfo: { hasNextPage: true, endCursor: '3' } },
    });
  });

  it('Prefix without codes reads the root, which has no parent', async () => {
    const { semanticIdPrefix } = (await reader.execute(OPERATIONS.prefix)).expectData();
    expect(semanticIdPrefix).toMatchObject({ codes: [], depth: 0, itemCount: 6, parent: null });
    expect(callsOf('prefixChildren')).toEqual([[[], { first: 50, after: null }]]);
  });

  it('Catalogue asks for as many collision groups as it shows', async () => {
    const { catalogue } = (await reader.execute(OPERATIONS.catalogue)).expectData();
    expect(callsOf('largestCollisionGroups')).toEqual([[5]]);
    const { levels, collisions, ...counts } = catalogue;
    const summary = { itemCount: 6, tokenizedItemCount: 6, userCount: 100, interactionCount: 200 };
    expect(counts).toEqual({ version: 7, ...summary });
    expect(levels).toEqual([{ level: 0, size: 4, usedCodes: 3, perplexity: 3, histogram: [0, 2, 2, 2] }]);
    expect(collisions).toMatchObject({ collidingItemCount: 2, largestGroups: [{ codes: [1, 7], itemCount: 2 }] });
  });

  it('Models reads a page of versions, and gives metrics of baselines under both names', async () => {
    const baseline = { name: 'baseline.markov.mrr', value: 0.25, low: 0.2, high: 0.3 };
    jest.spyOn(app.services.models, 'versions').mockResolvedValueOnce({
      edges: [{ node: { ...MODEL, metrics: [...MODEL.metrics, baseline] }, cursor: 'a' }],
      hasNextPage: false,
    });
    const { activeModel, modelVersions } = (await reader.execute(OPERATIONS.models)).expectData();
    expect(activeModel).toEqual({ id: toGlobalId('ModelVersion', 1), number: 1 });
    expect(modelVersions.nodes).toHaveLength(1);
    expect(modelVersions.nodes[0]).toMatchObject({ status: 'ACTIVE', createdAt: MODEL.createdAt.toISOString() });
    expect(modelVersions.nodes[0].metrics).toEqual([
      ...MODEL.metrics,
      baseline,
      { ...baseline, name: 'floor.markov.mrr' },
    ]);
  });

  it('TrainingJob reads the curve of that job, and the version that it made', async () => {
    const variables = { id: toGlobalId('TrainingJob', 1), metric: 'recall@10', points: 50 };
    const { trainingJob } = (await reader.execute(OPERATIONS['training-job'], variables)).expectData();
    expect(callsOf('curve')).toEqual([[1, 'recall@10', 50]]);
    expect(trainingJob).toMatchObject({
      status: 'RUNNING',
      finishedAt: null,
      progress: { phase: 'SEQ2SEQ', step: 10 },
      curve: [{ step: 50, value: 1 }],
      modelVersion: { id: toGlobalId('ModelVersion', 1), status: 'ACTIVE' },
    });
  });

  it('trainingJobs asks for jobs of one status', async () => {
    (await reader.execute('{ trainingJobs(status: FAILED, first: 3) { nodes { id } } }')).expectData();
    expect(callsOf('jobs')).toEqual([[{ first: 3, after: null }, 'FAILED']]);
  });
});

describe('mutations', () => {
  it('AddItems hands over what came, defaults filled in, and forgets what was loaded', async () => {
    const input = { items: [{ externalId: 'new', title: 'New', attributes: { deep: [1] }, embedding: [0.5, 1] }] };
    const { addItems } = (await admin.execute(OPERATIONS['add-items'], { input })).expectData();
    expect(addItems.catalogueVersion).toBe(8);
    expect(callsOf('addItems')).toEqual([[[{ ...input.items[0], categories: [] }], true]]);
    expect(callsOf('clearAll')).toHaveLength(1);
  });

  it('UpdateItems hands over only the fields that came', async () => {
    const items = [{ itemId: toGlobalId('Item', 2), title: 'Other', brand: null }];
    (await admin.execute(OPERATIONS['update-items'], { input: { items } })).expectData();
    expect(callsOf('updateItems')).toEqual([[[{ itemId: 2, title: 'Other', brand: null }], false]]);
  });

  it('RemoveItems names each id that is no item, and removes nothing', async () => {
    const input = { itemIds: [toGlobalId('Item', 1), 'nonsense', toGlobalId('User', 1)] };
    const { removeItems } = (await admin.execute(OPERATIONS['remove-items'], { input })).expectData();
    expect(removeItems).toEqual({
      items: [null, null, null],
      catalogueVersion: 7,
      userErrors: [
        {
          code: 'NOT_FOUND',
          message: 'itemIds.1: expected the id of an item, got "nonsense"',
          field: ['itemIds', '1'],
        },
        {
          code: 'NOT_FOUND',
          message: `itemIds.2: expected the id of an item, got "${input.itemIds[2]}"`,
          field: ['itemIds', '2'],
        },
      ],
    });
    expect(callsOf('removeItems')).toEqual([]);
  });

  it('RecordInteractions is a writer’s, and answers the users’ next recommendations', async () => {
    const interactions = [{ userExternalId: 'user-1', itemExternalId: 'item-1', occurredAt: '2024-05-06T07:08:09Z' }];
    const writer = testClient(server.url, KEYS.WRITER);
    const answer = await writer.execute(OPERATIONS['record-interactions'], {
      input: { interactions },
      withRecommendations: true,
    });
    expect(answer.expectData().recordInteractions).toMatchObject({ recorded: 1, userErrors: [] });
    expect(answer.data.recordInteractions.users[0].recommendations.nodes).toHaveLength(4);
    const occurredAt = new Date('2024-05-06T07:08:09Z');
    expect(callsOf('recordInteractions')).toEqual([[[{ ...interactions[0], kind: 'PURCHASE', occurredAt }]]]);
  });

  it('ReassignSemanticIds hands over rows for IDs', async () => {
    const input = { assignments: [{ itemId: toGlobalId('Item', 1), codes: [3, 3] }], dryRun: true };
    const answer = (await admin.execute(OPERATIONS['reassign-semantic-ids'], { input })).expectData();
    expect(answer.reassignSemanticIds).toEqual({
      changes: [
        {
          item: { id: toGlobalId('Item', 1), externalId: 'item-1', title: 'Item 1' },
          before: [1, 7, 0],
          after: [3, 3, 0],
        },
      ],
      impact: {
        collisionsMade: { count: 1, items: [{ externalId: 'item-1' }] },
        collisionsSolved: { count: 0, items: [] },
        neighboursChanged: { count: 2, items: [{ externalId: 'item-1' }, { externalId: 'item-2' }] },
      },
      baseVersion: 7,
      catalogueVersion: null,
      userErrors: [],
    });
    expect(callsOf('reassignSemanticIds')).toMatchObject([
      [{ assignments: [{ itemId: 1, codes: [3, 3] }], dryRun: true }],
    ]);
  });

  it('UndoReassignment hands over the version, and undoes unless told otherwise', async () => {
    const input = { catalogueVersion: 8 };
    const answer = (await admin.execute(OPERATIONS['undo-reassignment'], { input })).expectData();
    expect(answer.undoReassignment).toMatchObject({ catalogueVersion: 9, changes: [{ after: [1, 7, 0] }] });
    await admin.execute(OPERATIONS['undo-reassignment'], { input: { ...input, dryRun: true } });
    expect(callsOf('undoReassignment')).toEqual([
      [8, false],
      [8, true],
    ]);
  });

  it('RestoreItems hands over rows for IDs', async () => {
    const input = { itemIds: [toGlobalId('Item', 2)] };
    (await admin.execute(OPERATIONS['restore-items'], { input })).expectData();
    expect(callsOf('restoreItems')).toEqual([[[2]]]);
  });

  it('StartTraining fills in what is not said', async () => {
    (await admin.execute(OPERATIONS['start-training'], { input: { preset: 'tiny' } })).expectData();
    const args = { preset: 'tiny', seed: null, reuseTokenizer: false, activateWhenBetter: true };
    expect(callsOf('start')).toEqual([[args]]);
  });

  it.each([
    ['cancel-training', 'cancelTraining', { jobId: 'x' }, 'jobId: expected the id of a training job, got "x"'],
    [
      'activate-model-version',
      'activateModelVersion',
      { modelVersionId: 'x' },
      'modelVersionId: expected the id of a model version, got "x"',
    ],
    ['revoke-api-key', 'revokeApiKey', { apiKeyId: 'x' }, 'apiKeyId: expected the id of an API key, got "x"'],
  ])('%s names an id of nothing', async (operation, field, input, message) => {
    const data = (await admin.execute(OPERATIONS[operation], { input })).expectData();
    expect(data[field].userErrors).toEqual([{ code: 'NOT_FOUND', message, field: Object.keys(input) }]);
  });

  it('a key is made, shown once, and ended by its id', async () => {
    const input = { name: 'shop', role: 'WRITER' };
    const { createApiKey } = (await admin.execute(OPERATIONS['create-api-key'], { input })).expectData();
    expect(createApiKey).toEqual({ apiKeyId: toGlobalId('ApiKey', 5), secret: 'secret', userErrors: [] });
    const revoked = await admin.execute(OPERATIONS['revoke-api-key'], { input: { apiKeyId: createApiKey.apiKeyId } });
    expect(revoked.expectData().revokeApiKey.revoked).toBe(true);
    expect(callsOf('revoke')).toEqual([[5]]);
  });
});

describe('arguments out of bounds', () => {
  const tooManyItems = { items: Array.from({ length: 1001 }, (_, i) => ({ externalId: `${i}`, title: 'x' })) };
  it.each([
    ['a page of 0', 'items', { first: 0 }, 'first: expected a number from 1 to 100, got 0'],
    ['a page of 101', 'items', { first: 101 }, 'first: expected a number from 1 to 100, got 101'],
    ['a page of -1 users', 'shop', { first: -1 }, 'first: expected a number from 1 to 100, got -1'],
    ['a history of none', 'history-recommendations', { history: [] }, 'history: expected 1 to 200 entries, got []'],
    [
      'an empty id in a history',
      'history-recommendations',
      { history: [''] },
      'history: expected texts of 1 to 200 characters, got [""]',
    ],
    [
      'a temperature of 11',
      'history-recommendations',
      { history: ['a'], options: { temperature: 11 } },
      'options.temperature: expected a number from 0 to 10, got 11',
    ],
    [
      'a beam of 201',
      'history-recommendations',
      { history: ['a'], options: { beamWidth: 201 } },
      'options.beamWidth: expected a number from 1 to 200, got 201',
    ],
    [
      'a negative price',
      'items',
      { filter: { minPrice: -1 } },
      'filter.minPrice: expected a number from 0 to 1000000000000, got -1',
    ],
    ['a negative code', 'prefix', { codes: [-1] }, 'codes: expected numbers from 0 to 65535, got [-1]'],
    ['no items', 'add-items', { input: { items: [] } }, 'items: expected 1 to 1000 entries, got []'],
    ['1,001 items', 'add-items', { input: tooManyItems }, 'items: expected 1 to 1000 entries, got 1001 entries'],
    [
      'an empty title',
      'add-items',
      { input: { items: [{ externalId: 'a', title: '' }] } },
      'items.0.title: expected a text of 1 to 500 characters, got ""',
    ],
    [
      'no interactions',
      'record-interactions',
      { input: { interactions: [] } },
      'interactions: expected 1 to 1000 entries, got []',
    ],
  ])('refuses %s', async (_what, operation, variables, message) => {
    const answer = await admin.execute(OPERATIONS[operation], variables);
    expect(answer.expectErrors()).toEqual(['BAD_USER_INPUT']);
    expect(answer.errors[0].message).toBe(message);
    expect(app.services.calls.filter(({ port }) => port !== 'recommendations')).toEqual([]);
  });

  it('refuses a malformed date before anything runs', async () => {
    const interactions = [{ userExternalId: 'u', itemExternalId: 'i', occurredAt: 'yesterday' }];
    const answer = await admin.execute(OPERATIONS['record-interactions'], { input: { interactions } });
    expect(answer.expectErrors()).toEqual(['BAD_USER_INPUT']);
    expect(answer.errors[0].message).toContain('interactions[0].occurredAt');
    expect(answer.status).toBe(400);
  });
});
