import { Client, fetchExchange, gql } from 'urql';

import { createRefetch } from '../../../../web/src/app/refetch';
import { answerOf } from '../../../support/console-client';
import { until } from '../../../support/until';

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
