/** A server with fake services for tests of its limits, and what holds its work back. */
import { open, server, app } from './fake-server';
import { testClient } from './graphql-client';
import { OPERATIONS } from './operations';

export { app, open, openSocket, server, start } from './fake-server';

export const LIST = { document: OPERATIONS.recommendations, variables: { history: ['item-1'] } };

/** Makes lists wait. @returns The signal of each list, and what lets them go on. */
export function holdLists() {
  const signals: (AbortSignal | undefined)[] = [];
  const asked: (() => void)[] = [];
  let release: () => void;
  const released = new Promise<void>((resolve) => (release = resolve));
  const { recommend } = app.services.recommender;
  app.services.recommender.recommend = async (subject, args, signal) => {
    signals.push(signal);
    asked.shift()?.();
    await released;
    return recommend(subject, args);
  };
  return {
    signals,
    asked: () => new Promise<void>((resolve) => asked.push(resolve)),
    release: () => release(),
  };
}

export const reasonOf = (signal?: AbortSignal) => (signal?.reason as { extensions?: unknown } | undefined)?.extensions;

export const overHttp = (document: string, variables = {}, key?: string) =>
  testClient(server.url, key).execute(document, variables);

/** @returns The codes of the errors. */
export async function codesOverWebSocket(document: string, variables = {}, key?: string): Promise<unknown> {
  const subscription = testClient(server.url, key).subscribe(document, variables);
  open.push(subscription);
  const errors = await Promise.race([subscription.ended, subscription.next().then((result) => result.errors ?? [])]);
  return (errors as { extensions: { code: string } }[] | undefined)?.map(({ extensions }) => extensions.code);
}
