import 'reflect-metadata';

import type { CallerRole } from '../../../graphql/api-key/records';
import type { Context } from '../../../graphql/context';
import { RecommendationResolver } from '../../../graphql/recommendation/resolver';
import type { RankedRecommendation } from '../../../graphql/recommendation/types';
import { serveFakeApi } from '../../support/fake-api';
import { OPERATIONS } from '../../support/operations';

const api = serveFakeApi();

describe('RecommendationResolver', () => {
  it('names the unknown items of the request', async () => {
    const variables = { history: ['item-1', 'nobody'], item: 'no-item' };
    const { recommendations } = (await api.reader.execute(OPERATIONS.recommendations, variables)).expectData();
    expect(recommendations.nodes).toHaveLength(4);
    expect(recommendations).toMatchObject({ reason: 'MODEL', skippedItems: ['nobody', 'no-item'] });
  });

  it('hands over whom the list is for, also a user or a visitor without events', async () => {
    const ask = (variables: object) => api.reader.execute(OPERATIONS.recommendations, { first: 2, ...variables });
    (await ask({ user: 'user-2', history: ['item-1'], item: 'item-2', after: 'cursor' })).expectData();
    (await ask({ visitor: 'user-3' })).expectData();
    (await ask({ user: 'new' })).expectData();
    expect(api.callsOf('recommend').map(([subject, args]) => [subject, args])).toMatchObject([
      [
        { userId: 2, history: ['item-1'], item: 'item-2' },
        { first: 2, after: 'cursor' },
      ],
      [{ newUser: 'visitor/user-3' }, { first: 2 }],
      [{ newUser: 'new' }, { first: 2 }],
    ]);
    expect((await ask({ user: 'user-2', visitor: 'user-3' })).expectErrors()).toEqual(['BAD_USER_INPUT']);
  });

  it('lists what is trending, of a category, and what follows an item', async () => {
    const variables = { window: 'DAY', category: 'cups', first: 3 };
    (await api.reader.execute(OPERATIONS.trending, variables)).expectData();
    (await api.reader.execute(OPERATIONS['similar-items'], { externalId: 'item-1', first: 2 })).expectData();
    expect(api.callsOf('recommend').map(([subject, args]) => [subject, args])).toEqual([
      [{}, { window: 'DAY', first: 3, filter: { categories: ['cups'] } }],
      [{ item: 'item-1' }, { first: 2 }],
    ]);
  });

  it('explains an item by the steps that the decoder wrote, each with the prefix that it leads to', async () => {
    const document =
      '{ recommendations(history: ["item-1"], first: 1) { nodes { explanation { level code prefix { codes } } } } }';
    const [{ explanation }] = (await api.reader.execute(document)).expectData().recommendations.nodes;
    const codes = explanation.map(({ code }: { readonly code: number }) => code);
    expect(codes.length).toBeGreaterThan(1);
    expect(explanation).toEqual(
      codes.map((code: number, level: number) => ({ level, code, prefix: { codes: codes.slice(0, level + 1) } })),
    );
  });

  it('finds out once for a whole list what its items are due to, and only where somebody asks', async () => {
    (await api.reader.execute(OPERATIONS.recommendations, { user: 'user-2' })).expectData();
    expect(api.callsOf('because')).toEqual([]);
    const variables = { user: 'user-2', first: 3, because: 1, options: { includeSeen: true } };
    const { nodes } = (await api.reader.execute(OPERATIONS.because, variables)).expectData().recommendations;
    const because = [{ drop: 2, kind: 'PURCHASE', item: { externalId: 'item-2' } }];
    expect(nodes).toMatchObject([{ because }, { because }, { because }]);
    const asked = api.callsOf('because').map((args) => args.slice(0, 3)); // a signal cannot be compared
    expect(asked).toMatchObject([[{ userId: 2 }, { first: 3, includeSeen: true }, [3, 4, 5]]]);
  });

  it('says to callers without a key nothing of removed items that a list is due to', async () => {
    const causes = [2, 1].map((itemId) => ({ itemId, drop: 1, kind: 'VIEW' as const, at: new Date() }));
    const node = { itemId: 3, because: async () => new Map([[3, causes]]) } as unknown as RankedRecommendation;
    const item = async (id: number) => ({ id, removedAt: id === 2 ? new Date() : null });
    const named = async (role: CallerRole) => {
      const context = { role, loaders: { item } } as unknown as Context;
      return (await new RecommendationResolver().because(node, { first: 3 }, context)).map(({ itemId }) => itemId);
    };
    expect(await named('READER')).toEqual([2, 1]);
    expect(await named('STOREFRONT')).toEqual([1]);
  });
});
