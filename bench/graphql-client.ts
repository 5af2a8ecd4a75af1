/** The query that the server claims send, through real HTTP: with a client that takes little time itself, as `fetch` does not. */
import { Agent, type IncomingMessage, request } from 'node:http';

import { userIdOf } from './shop-address';

const QUERY = `query UserRecommendations($externalId: String!) {
  user(externalId: $externalId) {
    recommendations(first: 10) { nodes { rank score source item { externalId title } } }
  }
}`;

interface Reply {
  readonly data?: {
    readonly user: { readonly recommendations: { readonly nodes: readonly { source: string }[] } } | null;
  };
}

/**
 * Ten recommendations for one user.
 *
 * @throws {Error} Unless ten generated items come back.
 */
export async function askForTen(url: string, user: number): Promise<void> {
  const body = JSON.stringify({ query: QUERY, variables: { externalId: userIdOf(user) } });
  const { status, answer } = await post(`${url}/graphql`, body);
  const nodes = (JSON.parse(answer) as Reply).data?.user?.recommendations.nodes ?? [];
  if (nodes.length === 10 && nodes.every(({ source }) => source !== 'POPULARITY')) return;
  throw new Error(`recommendations: expected 10 items of the model's, got HTTP ${status} ${answer.slice(0, 300)}`);
}

/** As every client that asks more than once, it keeps its connections. */
const agent = new Agent({ keepAlive: true });

function post(url: string, body: string): Promise<{ status: number | undefined; answer: string }> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const onResponse = (response: IncomingMessage) => {
      let answer = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (answer += chunk));
      response.on('end', () => resolve({ status: response.statusCode, answer })).on('error', reject);
    };
    const asked = request(url, { method: 'POST', agent, headers }, onResponse);
    asked.on('error', (error: NodeJS.ErrnoException) => {
      // The server may close a kept connection in the moment in which it is taken up again.
      if (asked.reusedSocket && error.code === 'ECONNRESET') resolve(post(url, body));
      else reject(error);
    });
    asked.end(body);
  });
}
