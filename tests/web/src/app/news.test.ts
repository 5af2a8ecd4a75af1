import type { Sink, SubscribePayload } from 'graphql-ws';
import type { Client } from 'urql';

import { newestVersion, catalogueChanges } from '../../../../web/src/app/catalogue-changes';
import { createClient, createRefetch } from '../../../../web/src/app/client';
import { connection } from '../../../../web/src/app/connection';
import { followNews, type News } from '../../../../web/src/app/news';
import { answerOf } from '../../../support/console-client';
import { until } from '../../../support/until';

interface Followed {
  readonly variables: SubscribePayload['variables'];
  readonly tell: (version: number, kind: string) => void;
  hasEnded: boolean;
}

describe('followNews', () => {
  /** The catalogue's version, as the server answers it. */
  let version = 7;
  let follows: Followed[];
  let client: Client;
  let news: News;
  const fetch = jest.spyOn(globalThis, 'fetch').mockImplementation(async () => {
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
    follows = [];
    connection.set('connected');
    const socket = { subscribe } as never;
    const { exchange } = createRefetch();
    client = createClient({ key: null, socket, refetch: exchange, onRefused: () => {} });
    news = followNews(client);
  });
  afterEach(() => {
    news.end();
  });
  afterAll(() => fetch.mockRestore());

  const counts = () => ({ changes: catalogueChanges.count(), activations: catalogueChanges.activations() });
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
});
