import { serveFakeApi } from '../../support/fake-api';
import { OPERATIONS } from '../../support/operations';

const api = serveFakeApi();

describe('UserResolver', () => {
  it('goes on behind the cursor that a page ends with', async () => {
    const first = (await api.reader.execute(OPERATIONS.shop, { first: 2 })).expectData().users;
    expect(first.pageInfo).toEqual({ hasNextPage: true, endCursor: '2' });
    const next = (
      await api.reader.execute(OPERATIONS.shop, { first: 1, after: first.pageInfo.endCursor })
    ).expectData();
    expect(next.users.edges[0].node.externalId).toBe('user-3');
  });

  it('hands options to the recommender as they came', async () => {
    const options = { temperature: 0.5, seed: 3, filter: { brands: ['Odd'], addedAfter: '2024-01-01T00:00:00Z' } };
    (await api.reader.execute(OPERATIONS.shop, { first: 1, options })).expectData();
    expect(api.callsOf('recommend')[0][1]).toMatchObject({
      first: 5,
      temperature: 0.5,
      seed: 3,
      filter: { brands: ['Odd'], addedAfter: new Date('2024-01-01T00:00:00Z') },
    });
  });

  it('UsersLists answers the users of the ids that somebody has, in their order, with lists and views', async () => {
    const variables = { externalIds: ['user-9', 'nobody', 'user-2'], first: 2 };
    const { users } = (await api.reader.execute(OPERATIONS['users-lists'], variables)).expectData();
    expect(users.nodes.map(({ externalId }: { externalId: string }) => externalId)).toEqual(['user-9', 'user-2']);
    expect(users.nodes[0]).toMatchObject({
      recommendations: { reason: 'MODEL', nodes: [{ item: { externalId: 'item-3' } }, {}] },
      recentlyViewed: [{ externalId: 'item-1' }, { externalId: 'item-2' }],
    });
    expect(api.callsOf('recommend').map(([subject]) => subject)).toEqual([{ userId: 9 }, { userId: 2 }]);
    const many = { externalIds: Array.from({ length: 101 }, (_, n) => `user-${n}`) };
    expect((await api.reader.execute(OPERATIONS['users-lists'], many)).expectErrors()).toEqual(['BAD_USER_INPUT']);
  });

  it('Identify is a writer’s, and names nobody in the audit log', async () => {
    const variables = { input: { visitor: 'v1', user: { externalId: 'user-1' } } };
    expect((await api.reader.execute(OPERATIONS.identify, variables)).expectErrors()).toEqual(['FORBIDDEN']);
    const { identify } = (await api.writer.execute(OPERATIONS.identify, variables)).expectData();
    expect(identify).toMatchObject({ user: { externalId: 'user-1' }, joinedInteractions: 2, userErrors: [] });
    expect(api.callsOf('identify')).toEqual([['visitor/v1', 'user-1']]);
    const input = '{"visitor":"1 entries","user":"1 entries"}';
    expect(api.app.services.audited.at(-1)).toMatchObject({ input, outcome: 'OK' });
  });

  it('EraseUsers erases for admins alone, takes the names from the audit log too, and forgets what was loaded', async () => {
    const variables = { input: { users: [{ externalId: 'user-1' }, { externalId: 'nobody' }] } };
    for (const client of [api.reader, api.writer])
      expect((await client.execute(OPERATIONS['erase-users'], variables)).expectErrors()).toEqual(['FORBIDDEN']);
    expect([...api.callsOf('eraseUsers'), ...api.callsOf('forgetUsers')]).toEqual([]);
    const { eraseUsers } = (await api.admin.execute(OPERATIONS['erase-users'], variables)).expectData();
    expect(eraseUsers).toEqual({
      erasedExternalIds: ['user-1'],
      unknownExternalIds: ['nobody'],
      erasedInteractions: 2,
      userErrors: [],
    });
    expect(api.callsOf('eraseUsers')).toEqual([[['user-1', 'nobody']]]);
    expect(api.callsOf('forgetUsers')).toEqual([[['user-1', 'nobody', 'user-1']]]);
    expect(api.callsOf('clearAll')).toHaveLength(1);
    expect(api.app.services.audited.at(-1)).toMatchObject({ input: '{"users":"2 entries"}', outcome: 'OK' });
  });
});
