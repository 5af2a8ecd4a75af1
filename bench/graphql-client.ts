/** The query that the server claims send, through real HTTP. */
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
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: QUERY, variables: { externalId: userIdOf(user) } }),
  });
  const text = await response.text();
  const nodes = (JSON.parse(text) as Reply).data?.user?.recommendations.nodes ?? [];
  if (nodes.length === 10 && nodes.every(({ source }) => source !== 'POPULARITY')) return;
  throw new Error(`recommendations: expected 10 generated items, got HTTP ${response.status} ${text.slice(0, 300)}`);
}
