import type { Sink, SubscribePayload } from 'graphql-ws';
import { type Client, gql } from 'urql';

import { createClient } from '../../../../web/src/app/client';
import { connection } from '../../../../web/src/app/connection';
import { followNews, type News } from '../../../../web/src/app/news';
import { createRefetch } from '../../../../web/src/app/refetch';
import { newestVersion, pageStore } from '../../../../web/src/components/pages/page-store';
import { answerOf } from '../../../support/console-client';
import { until } from '../../../support/until';

const OTHER = gql('query Other { catalogue { __typename version } }');

interface Followed {
  readonly variables: SubscribePayload['variables'];
  readonly tell: (version: number, kind: string) => void;
  hasEnded: boolean;
}

describe('followNews', () => {
  /** The catalogue's version, as the server answers it. */
  let version = 7;
  let asked = 0;
  let follows: Followed[];
  let client: Client;
  let news: News;
  const fetch = jest.spyOn(globalThis, 'fetch').mockImplementation(async () => {
    asked++;
    return answerOf({ data: { catalogue: { __typename: 'Catalogue', version } } });
  });
  const subscribe = ({ variables }: SubscribePayload, sink: Sink<never>) => {
    const change = (catalogueChanges: object) => sink.next({ data: { catalogueChanges } } as never);
    const tell = (at: number, kind: string) => change({ __typename: 'CatalogueChange', version: at, kind });
    const followed = { variables, tell, hasEnded: false };
    follows.push(followed);
    return () => void (followed.hasEnded = true);
  };

  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'setTimeout', 'performance', 'Date'] }); // prettier-ignore
    [follows, asked] = [[], 0];
    connection.set('connected');
    const socket = { subscribe } as never;
    const { exchange } = createRefetch();
    client = createClient({ key: null, socket, refetch: exchange, onRefused: () => {} });
    news = followNews(client);
  });
  afterEach(() => {
    news.end();
    jest.useRealTimers();
  });
  afterAll(() => fetch.mockRestore());

  const counts = () => ({ changes: pageStore.generation(), activations: pageStore.activations() });
  /** @returns What was counted since. */
  function countedFrom(before: ReturnType<typeof counts>) {
    const now = counts();
    return { changes: now.changes - before.changes, activations: now.activations - before.activations };
  }
  async function begun(): Promise<Followed> {
    const before = follows.length;
    news.begin();
    await until(() => follows.length === before + 1);
    return follows[before];
  }

  /** @returns How often the news were asked for: what was asked before the question of this test is sent before it. */
  async function askedByNow(): Promise<number> {
    await client.query(OTHER, {}, { requestPolicy: 'network-only' }).toPromise();
    return --asked;
  }

  it('hears of each change after the version that it begins at, and which of them are activations', async () => {
    version = 7;
    const before = counts();
    const { variables, tell } = await begun();
    expect(variables).toEqual({ after: 7 });
    expect(countedFrom(before)).toEqual({ changes: 0, activations: 0 });
    tell(8, 'ITEMS_ADDED');
    tell(9, 'MODEL_ACTIVATED');
    tell(10, 'ITEMS_REMOVED');
    expect(countedFrom(before)).toEqual({ changes: 3, activations: 1 });
    expect(newestVersion()).toBe(10);
  });

  it('begins anew at the version of then, and listens no more to what it followed before', async () => {
    version = 20;
    const former = await begun();
    version = 30;
    const next = await begun();
    expect([former.hasEnded, next.hasEnded, next.variables]).toEqual([true, false, { after: 30 }]);
    news.end();
    expect(next.hasEnded).toBe(true);
  });

  it.each(['lost', 'connecting'] as const)('asks now and then while the socket is %s', async (state) => {
    version = 40;
    await begun();
    connection.set(state);
    const before = counts();
    jest.advanceTimersByTime(10_000);
    await until(() => asked === 2);
    version = 41;
    jest.advanceTimersByTime(10_000);
    await until(() => newestVersion() === 41);
    // Any of the changes may be an activation.
    expect(countedFrom(before)).toEqual({ changes: 1, activations: 1 });
  });

  it('notes whether the server answers where no socket comes through, and leaves what the socket says itself', async () => {
    await begun();
    connection.set('connecting');
    news.look();
    await until(() => asked === 2);
    expect(await askedByNow()).toBe(2);
    expect(connection.get()).toBe('connecting');
    connection.set('lost');
    news.look();
    await until(() => connection.get() === 'polled');
    fetch.mockRejectedValueOnce(new TypeError('Failed to fetch'));
    jest.advanceTimersByTime(10_000);
    await until(() => connection.get() === 'lost');
    connection.set('connected');
  });

  it.each(['connected', 'refused'] as const)('does not ask while the socket is %s, or after its end', async (state) => {
    await begun();
    connection.set(state);
    jest.advanceTimersByTime(60_000);
    expect(await askedByNow()).toBe(1);
    news.end();
    connection.set('lost');
    jest.advanceTimersByTime(60_000);
    expect(await askedByNow()).toBe(1);
  });
});
