/** Hears of each change of the catalogue, an activation included: the socket tells them, and without one the server is asked. */
import type { Client } from 'urql';
import { concatMap, filter, pipe, subscribe, take, tap } from 'wonka';

import { beginAt, newestVersion, noteActivation, noteVersion } from '../components/pages/page-store';
import { CatalogueNewsDocument, type CatalogueNewsSubscription, NewestVersionDocument } from '../graphql/graphql';
import { connection } from './connection';

/** How often the server is asked for what no socket tells. */
export const POLL_MS = 10_000;

export interface News {
  /** Begins, or begins anew with what is asked for from now on. */
  begin(): void;
  /** Asks for them, where no socket tells them, and notes whether the server answers. */
  look(): void;
  end(): void;
}

export function followNews(client: Client): News {
  const version = () =>
    pipe(
      client.query(NewestVersionDocument, {}, { requestPolicy: 'network-only' }),
      filter(({ stale }) => !stale),
      take(1),
    );
  const changes = () => client.subscription(CatalogueNewsDocument, { after: newestVersion() });
  let stop = () => {};
  const begin = () => {
    stop();
    // A change may come after the first answers, and before the server has heard of the subscription.
    stop = pipe(
      version(),
      tap(({ data }) => data && beginAt(data.catalogue.version)),
      concatMap(changes),
      subscribe(({ data }) => data && noteChange(data.catalogueChanges)),
    ).unsubscribe;
  };
  const look = () => {
    const state = connection.get();
    if (state === 'connected' || state === 'refused') return;
    pipe(
      version(),
      subscribe(({ data, error }) => {
        noteAnswer(error?.networkError === undefined);
        if (data) noteChanges(data.catalogue.version);
      }),
    );
  };
  const timer = setInterval(look, POLL_MS);
  const end = () => {
    clearInterval(timer);
    stop();
  };
  return { begin, look, end };
}

/** While the socket connects, or once it has, it says itself whether the server is there. */
function noteAnswer(isThere: boolean): void {
  const state = connection.get();
  if (state === 'lost' && isThere) connection.set('polled');
  if (state === 'polled' && !isThere) connection.set('lost');
}

function noteChange({ version, kind }: CatalogueNewsSubscription['catalogueChanges']): void {
  if (kind === 'MODEL_ACTIVATED') noteActivation(version);
  noteVersion(version);
}

/** Whoever asks for the version alone is not told of what kind the changes were. */
function noteChanges(version: number): void {
  if (version > (newestVersion() ?? 0)) noteActivation(version);
  noteVersion(version);
}
