/** The query of all claims about the server, sent over real HTTP. `node:http` needs less time of its own than `fetch`. */
import { Agent, type IncomingMessage, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

import { ADMIN_KEY, userIdOf } from './shop-address';

const QUERY = `query UserRecommendations($externalId: String!, $options: RecommendationOptions) {
  user(externalId: $externalId) {
    recommendations(first: 10, options: $options) { nodes { rank score source item { externalId title } } }
  }
}`;

/** Sources of items that no model chose. */
const FILLED: ReadonlySet<string> = new Set(['POPULARITY', 'TRENDING']);

interface Reply {
  readonly data?: {
    readonly user: { readonly recommendations: { readonly nodes: readonly { source: string }[] } | null } | null;
  };
  readonly errors?: readonly { readonly extensions?: { readonly code: string; readonly retryAfterSeconds?: number } }[];
}

/**
 * Asks for ten recommendations for one user. While the server says that it is overloaded, asks again after the seconds that it names.
 *
 * @param user - Its number in a shop of the claims, or its ID.
 * @throws {Error} When the answer is not ten items of the model's.
 */
export async function askForTen(url: string, user: number | string, options?: object): Promise<void> {
  const externalId = typeof user === 'number' ? userIdOf(user) : user;
  const body = JSON.stringify({ query: QUERY, variables: { externalId, options } });
  for (;;) {
    const { status, answer } = await post(`${url}/graphql`, body);
    const { data, errors } = JSON.parse(answer) as Reply;
    const nodes = data?.user?.recommendations?.nodes ?? [];
    if (nodes.length === 10 && !nodes.some(({ source }) => FILLED.has(source))) return;
    const { code, retryAfterSeconds = 1 } = errors?.[0]?.extensions ?? {};
    if (code !== 'OVERLOADED')
      throw new Error(
        `recommendations: expected 10 items of the model's, got HTTP status ${status} ${answer.slice(0, 300)}`,
      );
    await sleep(1000 * retryAfterSeconds);
  }
}

/** Runs a mutation as an admin. @throws {Error} When it is refused. */
export async function mutate(url: string, query: string, variables: object): Promise<void> {
  const authorization = `Bearer ${ADMIN_KEY}`;
  const { answer } = await post(`${url}/graphql`, JSON.stringify({ query, variables }), { authorization });
  if (!answer.includes('"userErrors":[]')) throw new Error(`mutation: expected no error, got ${answer.slice(0, 300)}`);
}

/** Keeps connections open, as clients do that ask more than once. */
const agent = new Agent({ keepAlive: true });

function post(url: string, body: string, more: object = {}): Promise<{ status: number | undefined; answer: string }> {
  return new Promise((resolve, reject) => {
    const headers = { ...more, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const onResponse = (response: IncomingMessage) => {
      let answer = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (answer += chunk));
      response.on('end', () => resolve({ status: response.statusCode, answer })).on('error', reject);
    };
    const asked = request(url, { method: 'POST', agent, headers }, onResponse);
    asked.on('error', (error: NodeJS.ErrnoException) => {
      // The server may close a kept connection at the moment when the client uses it again.
      if (asked.reusedSocket && error.code === 'ECONNRESET') resolve(post(url, body, more));
      else reject(error);
    });
    asked.end(body);
  });
}
