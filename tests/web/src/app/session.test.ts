/** Without React: `useSession` gives what the page shows at the moment. */
import '../../../support/tab-globals';

import { gql } from 'urql';
import { WebSocket } from 'ws';

import type { connection as Connection, ConnectionState } from '../../../../web/src/app/connection';
import type { keyStore as KeyStore } from '../../../../web/src/app/key-store';
import type * as SessionModule from '../../../../web/src/app/session';
import { KEYS } from '../../../support/fake-ports';
import { server, start } from '../../../support/fake-server';
import { until } from '../../../support/until';

jest.mock('react', () => ({
  ...jest.requireActual<object>('react'),
  useSyncExternalStore: (_: unknown, snapshot: () => unknown) => snapshot(),
}));

const COUNT = gql<{ itemCount: number }>('{ itemCount }');
const REMOVAL = gql('mutation { removeItems(input: { items: [{ id: "SXRlbTox" }] }) { catalogueVersion } }');

describe('useSession', () => {
  let connection: typeof Connection;
  let keyStore: typeof KeyStore;
  let module: typeof SessionModule;
  const { fetch } = globalThis;

  beforeEach(async () => {
    await start({}, 'key');
    sessionStorage.setItem('tigerql.key', KEYS.READER);
    const toServer: typeof fetch = (url, init) => fetch(new URL(String(url), server.url), init);
    Object.assign(globalThis, { WebSocket, location: { href: `${server.url}/items` }, fetch: toServer });
    jest.resetModules(); // the session of a tab begins as its code is loaded
    module = await import('../../../../web/src/app/session.js');
    ({ connection } = await import('../../../../web/src/app/connection.js'));
    ({ keyStore } = await import('../../../../web/src/app/key-store.js'));
    await untilState('connected');
  });
  afterEach(async () => {
    module.useSession().dispose();
    Object.assign(globalThis, { fetch });
  });

  const untilState = (state: ConnectionState) => until(() => connection.get() === state);
  /** Shows a query. @returns How often it was answered. */
  function shown(): () => number {
    let count = 0;
    module
      .useSession()
      .client.query(COUNT, {})
      .subscribe(({ stale }) => (count += stale ? 0 : 1));
    return () => count;
  }

  it('begins with another client and socket for another key, before the other listeners hear of it', async () => {
    const former = module.useSession();
    const states: ConnectionState[] = [];
    connection.subscribe(() => states.push(connection.get()));
    let seen = former;
    keyStore.subscribe(() => (seen = module.useSession()));
    keyStore.set(KEYS.ADMIN);
    const { client, socket, visit } = module.useSession();
    expect(client).not.toBe(former.client);
    expect(socket).not.toBe(former.socket);
    expect(seen.client).toBe(client);
    expect(visit).toBe(former.visit);
    await untilState('connected');
    await former.socket.dispose();
    expect(states).toEqual(['connecting', 'connected']); // nothing of the former socket's end
  });

  it('is another visit once the key is forgotten', async () => {
    const { visit } = module.useSession();
    keyStore.set(null);
    expect(module.useSession().visit).toBe(visit + 1);
    await untilState('refused');
  });

  it('leaves a socket that cannot be opened, without an error', async () => {
    Object.assign(globalThis, { location: { href: 'http://127.0.0.1:1/' } });
    keyStore.set(KEYS.ADMIN);
    keyStore.set(KEYS.READER);
    await untilState('lost');
    await new Promise(setImmediate); // an error that nobody takes fails the test
  });

  it('asks for a key when a change is refused, and not when a question is', async () => {
    const reasons: unknown[] = [];
    keyStore.onAsk((reason) => reasons.push(reason));
    keyStore.set('wrong');
    await untilState('refused');
    const { client } = module.useSession();
    expect((await client.query(COUNT, {}).toPromise()).error).toBeDefined();
    expect(reasons).toEqual([]);
    expect((await client.mutation(REMOVAL, {}).toPromise()).error).toBeDefined();
    expect(reasons).toEqual([expect.stringContaining('does not accept this key')]);
    expect(connection.get()).toBe('refused');
  });

  it('does not take a refused key for an accepted one when its socket comes back', async () => {
    const { client, socket } = module.useSession();
    const headers = { 'content-type': 'application/json', authorization: 'Bearer wrong' };
    Object.assign(globalThis, {
      fetch: (_: string, init: object) => fetch(`${server.url}/graphql`, { ...init, headers }),
    });
    await client.query(COUNT, {}).toPromise();
    expect(connection.get()).toBe('refused');
    const isBack = new Promise((resolve) => socket.on('connected', resolve));
    socket.terminate();
    await isBack;
    expect(connection.get()).toBe('refused');
  });

  it('asks anew for what is shown, and for the news, when the connection is back', async () => {
    const answers = shown();
    await until(() => answers() === 1);
    const begin = jest.spyOn(module.useSession().news, 'begin');
    module.useSession().socket.terminate();
    await untilState('lost');
    await untilState('connected');
    await until(() => answers() === 2);
    expect(begin).toHaveBeenCalledTimes(1);
  });

  it('asks anew for what is shown when the whole shop is another one', async () => {
    const answers = shown();
    await until(() => answers() === 1);
    module.refetchAll();
    await until(() => answers() === 2);
  });
});
