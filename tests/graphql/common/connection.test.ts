import 'reflect-metadata';

import { toConnection } from '../../../graphql/common/connection';

describe('toConnection', () => {
  it('gives the entries with and without cursors, and the first and the last cursor', () => {
    const edges = [
      { node: 'a', cursor: '1' },
      { node: 'b', cursor: '2' },
    ];
    expect(toConnection({ edges, hasNextPage: true })).toEqual({
      edges,
      nodes: ['a', 'b'],
      pageInfo: { hasNextPage: true, hasPreviousPage: false, startCursor: '1', endCursor: '2' },
    });
  });
});
