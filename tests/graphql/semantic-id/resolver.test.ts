import 'reflect-metadata';

import { toGlobalId } from '../../../graphql/common/global-id';
import { serveFakeApi } from '../../support/fake-api';
import { OPERATIONS } from '../../support/operations';

const api = serveFakeApi();

describe('SemanticIdResolver', () => {
  it('ReassignSemanticIds hands over rows for IDs', async () => {
    const input = { assignments: [{ item: { id: toGlobalId('Item', 1) }, codes: [3, 3] }], dryRun: true };
    const answer = (await api.admin.execute(OPERATIONS['reassign-semantic-ids'], { input })).expectData();
    const { id, externalId } = { id: toGlobalId('Item', 1), externalId: 'item-1' };
    expect(answer.reassignSemanticIds).toMatchObject({
      changes: [{ item: { id, externalId }, before: [1, 7, 0], after: [3, 3, 0] }],
      impact: {
        collisionsMade: { count: 1, items: [{ id, externalId }] },
        collisionsSolved: { count: 0, items: [] },
        similarItemsChanged: { count: 2, items: [{ externalId }, { externalId: 'item-2' }] },
      },
      ...{ changeCount: 1, baseVersion: 7, catalogueVersion: null, userErrors: [] },
    });
    expect(api.callsOf('reassignSemanticIds')).toMatchObject([
      [{ assignments: [{ itemId: 1, codes: [3, 3] }], dryRun: true, hasImpact: true }, [], {}],
    ]);
  });

  it('UndoReassignment hands over the version, and undoes unless told otherwise', async () => {
    const input = { catalogueVersion: 8 };
    const answer = (await api.admin.execute(OPERATIONS['undo-reassignment'], { input })).expectData();
    expect(answer.undoReassignment).toMatchObject({ catalogueVersion: 9, changes: [{ after: [1, 7, 0] }] });
    await api.admin.execute(OPERATIONS['undo-reassignment'], {
      input: { ...input, dryRun: true, ifCatalogueVersion: 8 },
    });
    expect(api.callsOf('undoReassignment')).toEqual([
      [8, false, null, true],
      [8, true, 8, true],
    ]);
  });
});

describe('the impact of a reassignment', () => {
  it.each([
    ['impact { collisionsMade { count } }', true],
    ['... on ReassignSemanticIdsPayload { impact { collisionsMade { count } } }', true],
    ['...Effects', true],
    ['changes { item { externalId } }', false],
  ])('is worked out when %s asks for it: %s', async (fields, hasImpact) => {
    const effects = 'fragment Effects on ReassignSemanticIdsPayload { impact { collisionsMade { count } } }';
    const mutation = `mutation { reassignSemanticIds(input: { all: true }) { changeCount ${fields} } }`;
    (await api.admin.execute(fields === '...Effects' ? `${mutation} ${effects}` : mutation)).expectData();
    expect(api.callsOf('reassignSemanticIds')).toMatchObject([[{ all: true, hasImpact }, [], {}]]);
  });
});

describe('SemanticIdPrefixResolver', () => {
  it('Prefix reads a node of the trie with its parent, a page of its children and its first items', async () => {
    const variables = { codes: [1], first: 2, after: '1' };
    const { semanticIdPrefix } = (await api.reader.execute(OPERATIONS.prefix, variables)).expectData();
    expect(api.callsOf('prefixChildren')).toEqual([[[1], { first: 2, after: '1' }]]);
    expect(api.callsOf('prefixItems')).toEqual([[[1], { first: 10, after: null }]]);
    expect(semanticIdPrefix).toMatchObject({
      codes: [1],
      depth: 1,
      itemCount: 2,
      terms: ['things', 'mugs', 'blue'],
      parent: { codes: [], itemCount: 6 },
      children: { nodes: [{ codes: [1, 3] }, { codes: [1, 4] }], pageInfo: { hasNextPage: true, endCursor: '3' } },
    });
  });

  it('Prefix without codes reads the root, which has no parent', async () => {
    const { semanticIdPrefix } = (await api.reader.execute(OPERATIONS.prefix)).expectData();
    expect(semanticIdPrefix).toMatchObject({ codes: [], depth: 0, itemCount: 6, parent: null });
    expect(api.callsOf('prefixChildren')).toEqual([[[], { first: 50, after: null }]]);
  });
});

describe('ReassignmentPayloadResolver', () => {
  it('answers with as many changes as are asked for, and says how many there are', async () => {
    const changes = [1, 2, 3].map((itemId) => ({ itemId, before: null, after: [itemId, 0, 0] }));
    const refusal = { impact: null, baseVersion: null, catalogueVersion: null, userErrors: [] };
    const port = jest.spyOn(api.app.services.catalogue, 'reassignSemanticIds');
    port.mockResolvedValue({ ...refusal, changes });
    const answerTo = async (args: string) => {
      const document = `mutation {
        reassignSemanticIds(input: { all: true }) { changeCount changes${args} { item { externalId } after } }
      }`;
      return (await api.admin.execute(document)).expectData().reassignSemanticIds;
    };
    const shown = changes.map(({ itemId, after }) => ({ item: { externalId: `item-${itemId}` }, after }));
    expect(await answerTo('')).toEqual({ changeCount: 3, changes: shown });
    expect(await answerTo('(first: 2)')).toEqual({ changeCount: 3, changes: shown.slice(0, 2) });
    port.mockRestore();
  });
});
