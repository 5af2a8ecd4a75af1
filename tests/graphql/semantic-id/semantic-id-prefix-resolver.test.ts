import { serveFakeApi } from '../../support/fake-api';
import { OPERATIONS } from '../../support/operations';

const api = serveFakeApi();

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
      topCategories: ['things'],
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
