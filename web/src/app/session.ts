/** A session of one key: a GraphQL client with its cache, and a WebSocket. Another key begins with new ones. */
import type { Client as SocketClient } from 'graphql-ws';
import { useSyncExternalStore } from 'react';
import type { Client, OperationType } from 'urql';

import { createClient, createRefetch } from './client';
import { connection, type ConnectionState } from './connection';
import { askForKey, keyStore, refusalOf } from './key-store';
import { followNews, type News } from './news';
import { openSocket } from './socket';

interface Session {
  /** Another one once a key was forgotten: nothing that was shown with the key may stay on the screen. */
  readonly visit: number;
  readonly client: Client;
  readonly socket: SocketClient;
  readonly news: News;
  refetch(): void;
  dispose(): void;
}

let session = openSession(keyStore.get(), 0);

// The first of the key's listeners: all others see the new session already.
keyStore.subscribe(() => {
  session.dispose();
  connection.set('connecting');
  const key = keyStore.get();
  session = openSession(key, session.visit + (key === null ? 1 : 0));
});
connection.onHealed(() => {
  session.news.begin();
  session.refetch();
});

export function useSession(): Session {
  return useSyncExternalStore(keyStore.subscribe, () => session);
}

export function refetchAll(): void {
  session.refetch();
}

function openSession(key: string | null, visit: number): Session {
  let isOpen = true;
  let isRefused = false;
  // The socket of a former key says nothing about this one, and a refused key is never accepted again.
  const report = (state: ConnectionState) => {
    if (!isOpen || isRefused) return;
    isRefused = state === 'refused';
    connection.set(state);
  };
  const socket = openSocket(new URL('/graphql', location.href).href, key, report);
  const { exchange, refetch } = createRefetch();
  // One line across the page says so for all that was asked at once. Only whoever wants a change made is asked for a key at once.
  const onRefused = (kind: OperationType) => {
    report('refused');
    if (isOpen && kind === 'mutation') askForKey(refusalOf(key));
  };
  const client = createClient({ key, socket, refetch: exchange, onRefused });
  const news = followNews(client);
  news.begin();
  const dispose = () => {
    isOpen = false;
    news.end();
    // It waits for the socket to open, and rejects when that cannot be.
    void Promise.resolve(socket.dispose()).catch(() => {});
  };
  return { visit, client, socket, news, refetch, dispose };
}
