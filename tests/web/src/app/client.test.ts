import { Client, fetchExchange, gql } from 'urql';

import { createRefetch } from '../../../../web/src/app/client';
import {
  EraseUsersDocument,
  ItemDetailDocument,
  ItemTotalDocument,
  RemoveItemsDocument,
  UserDetailDocument,
} from '../../../../web/src/graphql/graphql';
import { answerOf, consoleClient } from '../../../support/console-client';
import { until } from '../../../support/until';

const TITLE = gql<{ item: { title: string } }>(`{ item(externalId: "a") { __typename id title } }`);
const SAME_ITEM = gql(`{ other: item(externalId: "a") { __typename id title } }`);

describe('createClient', () => {
  const answers: object[] = [];
  const fetch = jest.spyOn(globalThis, 'fetch').mockImplementation(async () => answerOf(answers.shift()!));
  afterAll(() => fetch.mockRestore());
  const client = consoleClient();
  const errors = [{ message: 'no', path: ['item'], extensions: { code: 'OVERLOADED' } }];

  it('gives no data for a query of which a part failed: the null in it does not mean that nothing is there', async () => {
    answers.push({ data: { item: null }, errors });
    const { data, error } = await client.query(ItemDetailDocument, { externalId: 'a' }).toPromise();
    expect(data).toBeUndefined();
    expect(error?.graphQLErrors).toHaveLength(1);
    answers.push({ data: { item: null } });
    expect((await client.query(ItemDetailDocument, { externalId: 'b' }).toPromise()).data).toEqual({ item: null });
  });

  it('keeps saying that a query failed when only the cache has answered since', async () => {
    const item = { __typename: 'Item', id: '1', title: 'A' };
    const seen: string[] = [];
    const ask = () => client.query(TITLE, {}, { requestPolicy: 'network-only' });
    answers.push({ data: { item } });
    await ask().toPromise();
    answers.push({ errors }, { data: { other: { ...item, title: 'B' } } });
    const { unsubscribe } = ask().subscribe(({ data, error }) => seen.push(`${data?.item.title} ${error?.message}`));
    await until(() => seen.length === 1);
    await client.query(SAME_ITEM, {}, { requestPolicy: 'network-only' }).toPromise();
    await until(() => seen.length === 2);
    answers.push({ data: { item: { ...item, title: 'C' } } });
    ask().subscribe(() => {});
    await until(() => seen.at(-1) === 'C undefined');
    expect(seen.slice(0, 2)).toEqual(['undefined [GraphQL] no', 'B [GraphQL] no']);
    unsubscribe();
  });

  it('counts the items anew after some were removed', async () => {
    const count = () =>
      client.query(ItemTotalDocument, { removed: false }, { requestPolicy: 'cache-first' }).toPromise();
    answers.push({ data: { items: { __typename: 'ItemListConnection', totalCount: 2 } } });
    expect((await count()).data?.items.totalCount).toBe(2);
    expect((await count()).data?.items.totalCount).toBe(2);
    answers.push({
      data: { removeItems: { __typename: 'RemoveItemsPayload', items: [], catalogueVersion: 2, userErrors: [] } },
    });
    await client.mutation(RemoveItemsDocument, { input: { items: [{ id: 'i' }] } }).toPromise();
    answers.push({ data: { items: { __typename: 'ItemListConnection', totalCount: 1 } } });
    expect((await count()).data?.items.totalCount).toBe(1);
  });

  it('keeps nothing of a user who is erased', async () => {
    const client = consoleClient(); // no other query of which asks anew
    const user = { __typename: 'User', id: 'u', externalId: 'ann', interactionCount: 2 };
    const ask = () =>
      client.query(UserDetailDocument, { externalId: 'ann' }, { requestPolicy: 'cache-first' }).toPromise();
    answers.push({ data: { user } });
    expect((await ask()).data?.user?.interactionCount).toBe(2);
    const erased = {
      __typename: 'EraseUsersPayload',
      erasedExternalIds: ['ann'],
      erasedInteractions: 2,
      userErrors: [],
    };
    answers.push({ data: { eraseUsers: erased } });
    await client.mutation(EraseUsersDocument, { input: { users: [{ externalId: 'ann' }] } }).toPromise();
    answers.push({ data: { user: null } });
    expect((await ask()).data?.user).toBeNull();
  });
});

describe('createRefetch', () => {
  const asked: string[] = [];
  const fetch = async (_url: unknown, init?: RequestInit) => {
    const { query } = JSON.parse(String(init?.body)) as { query: string };
    asked.push(query);
    return answerOf({ data: { number: asked.length } });
  };
  const { exchange, refetch } = createRefetch();
  const client = new Client({
    url: 'http://localhost/graphql',
    fetch: fetch as typeof globalThis.fetch,
    preferGetMethod: false,
    exchanges: [exchange, fetchExchange],
  });

  it('asks again for each query that is shown, and tells those who show it', async () => {
    const seen: Record<'one' | 'two', number[]> = { one: [], two: [] };
    const show = (name: 'one' | 'two') =>
      client.query(gql(`query ${name} { number }`), {}).subscribe(({ data }) => seen[name].push(data.number));
    const [, two] = [show('one'), show('two')];
    await until(() => seen.one.length === 1 && seen.two.length === 1);
    refetch();
    await until(() => seen.one.length === 2 && seen.two.length === 2);
    two.unsubscribe();
    asked.length = 0;
    refetch();
    await until(() => seen.one.length === 3);
    expect(asked).toEqual([expect.stringContaining('query one')]);
  });

  it('makes no change once more', async () => {
    asked.length = 0;
    await client.mutation(gql('mutation change { number }'), {}).toPromise();
    refetch();
    await until(() => asked.length === 2);
    expect(asked.filter((query) => query.startsWith('mutation'))).toHaveLength(1);
  });
});
