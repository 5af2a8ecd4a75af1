import 'reflect-metadata';

import { PageOf20, PageOf50, toConnection } from '../../../graphql/common/connection';

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

  it('has no cursors when the page is empty', () => {
    expect(toConnection({ edges: [], hasNextPage: false }).pageInfo).toMatchObject({
      startCursor: null,
      endCursor: null,
    });
  });
});

describe('toPage', () => {
  it('takes the default for an absent and for a null first', () => {
    expect(new PageOf20().toPage()).toEqual({ first: 20, after: null });
    const nulls = Object.assign(new PageOf50(), { first: null, after: null });
    expect(nulls.toPage()).toEqual({ first: 50, after: null });
  });

  it('keeps what is given', () => {
    const page = Object.assign(new PageOf20(), { first: 3, after: 'x' });
    expect(page.toPage()).toEqual({ first: 3, after: 'x' });
  });
});
