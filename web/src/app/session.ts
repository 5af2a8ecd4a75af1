/** What belongs to one key: a GraphQL client with its cache, and a WebSocket. Another key begins with new ones. */
import type { Client as SocketClient } from 'graphql-ws';
import { useSyncExternalStore } from 'react';
import type { Client } from 'urql';

import { pageStore } from '../components/pages/page-store';
import { createClient } from './client';
import { connection } from './connection';
import { askForKey, keyStore, refusalOf } from './key-store';
import { createRefetch } from './refetch';
import { openSocket } from './socket';

interface Session {
  readonly client: Client;
  readonly socket: SocketClient;
  /** Asks anew for all that is on the screen. */
  refetch(): void;
}

let session = openSession(keyStore.get());

// The first of the key's listeners: all others see the new session already.
keyStore.subscribe(() => {
  void session.socket.dispose();
  connection.set('connecting');
  pageStore.clear();
  session = openSession(keyStore.get());
});
connection.onHealed(() => session.refetch());

export function useSession(): Session {
  return useSyncExternalStore(keyStore.subscribe, () => session);
}

/** Asks anew for all that is on the screen. */
export function refetchAll(): void {
  session.refetch();
}

function openSession(key: string | null): Session {
  const socket = openSocket(key);
  const { exchange, refetch } = createRefetch();
  const onRefused = () => askForKey(refusalOf(key));
  return { socket, refetch, client: createClient({ key, socket, refetch: exchange, onRefused }) };
}
