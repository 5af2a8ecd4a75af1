/** A real client for a real server: fetch and graphql-ws, with everything printed when an answer is not as expected. */
import type { GraphQLFormattedError } from 'graphql';
import { type Client, createClient, type ExecutionResult } from 'graphql-ws';
import { type CloseEvent, WebSocket } from 'ws';

type Variables = Readonly<Record<string, unknown>>;
/** Tests look into answers of every form. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Data = any;
type Result = ExecutionResult<Data>;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly data: Data;
  readonly errors: readonly GraphQLFormattedError[];
  readonly extensions: Readonly<Record<string, unknown>>;
  /** @throws {Error} With document, answer and request id, when there are errors. */
  expectData(): Data;
  /** @returns The errors' codes. @throws {Error} With document, answer and request id, when there are none. */
  expectErrors(): readonly unknown[];
}

export interface TestClient {
  execute(document: string, variables?: Variables): Promise<Answer>;
  /** Opens a socket for this subscription alone. */
  subscribe(document: string, variables?: Variables): Subscription;
}

export interface Subscription {
  /** The next result; waits for it. Rejects when the operation has ended with errors. */
  next(): Promise<Result>;
  /** Resolves when the server has closed the socket. */
  readonly closed: Promise<CloseEvent>;
  /** Resolves when the operation has ended: undefined, or the errors it ended with. */
  readonly ended: Promise<unknown>;
  dispose(): Promise<void>;
}

export function testClient(url: string, key?: string): TestClient {
  const authorization = key === undefined ? undefined : `Bearer ${key}`;
  return {
    async execute(document, variables = {}) {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(authorization && { authorization }) },
        body: JSON.stringify({ query: document, variables }),
      });
      return toAnswer(response, document, await response.text());
    },
    subscribe(document, variables = {}) {
      return openSubscription(url, authorization, document, variables);
    },
  };
}

function toAnswer({ status, headers }: Response, document: string, text: string): Answer {
  const body = JSON.parse(text) as { data?: Data; errors?: GraphQLFormattedError[]; extensions?: Variables };
  const errors = body.errors ?? [];
  const report = (wanted: string) =>
    new Error(`expected ${wanted}, got ${status} ${text}\nrequest ${headers.get('x-request-id')}\n${document}`);
  return {
    status,
    headers,
    data: body.data,
    errors,
    extensions: body.extensions ?? {},
    expectData() {
      if (errors.length > 0 || !body.data) throw report('data');
      return body.data;
    },
    expectErrors() {
      if (errors.length === 0) throw report('errors');
      return errors.map(({ extensions }) => extensions?.code);
    },
  };
}

function openSubscription(
  url: string,
  authorization: string | undefined,
  document: string,
  variables: Variables,
): Subscription {
  let onClosed: (event: CloseEvent) => void;
  const closed = new Promise<CloseEvent>((resolve) => (onClosed = resolve));
  const client: Client = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    connectionParams: authorization === undefined ? {} : { authorization },
    on: { closed: (event) => onClosed(event as CloseEvent) },
  });
  const results: Result[] = [];
  const readers: ((result: Result) => void)[] = [];
  const ended = new Promise<unknown>((resolve) => {
    client.subscribe(
      { query: document, variables: { ...variables } },
      {
        next: (result) => {
          const reader = readers.shift();
          if (reader) reader(result as Result);
          else results.push(result as Result);
        },
        error: resolve,
        complete: () => resolve(undefined),
      },
    );
  });
  const failed = ended.then((errors) => {
    if (errors === undefined) return new Promise<never>(() => undefined);
    throw new Error(`subscription: expected a result, got ${JSON.stringify(errors)}\n${document}`);
  });
  failed.catch(() => undefined); // not every test waits for one more
  return {
    next: () => {
      const result = results.shift();
      return result
        ? Promise.resolve(result)
        : Promise.race([new Promise<Result>((resolve) => readers.push(resolve)), failed]);
    },
    closed,
    ended,
    dispose: async () => client.dispose(),
  };
}
