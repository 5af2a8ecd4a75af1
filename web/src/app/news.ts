/** Hears of each change of the catalogue, an activation included, over the socket. */
import type { Client } from 'urql';
import { concatMap, filter, pipe, subscribe, take, tap } from 'wonka';

import { CatalogueNewsDocument, type CatalogueNewsSubscription, NewestVersionDocument } from '../graphql/graphql';
import { beginAt, newestVersion, noteActivation, noteChange } from './catalogue-changes';

export interface News {
  /** Begins, or begins anew with what is asked for from now on. */
  begin(): void;
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
      subscribe(({ data }) => data && hear(data.catalogueChanges)),
    ).unsubscribe;
  };
  return { begin, end: () => stop() };
}

function hear({ version, kind }: CatalogueNewsSubscription['catalogueChanges']): void {
  if (kind === 'MODEL_ACTIVATED') noteActivation(version);
  noteChange(version);
}
