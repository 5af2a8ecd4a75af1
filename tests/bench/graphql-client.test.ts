import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

import { askForTen } from '../../bench/graphql-client';

const nodes = (count: number, source: string) => Array.from({ length: count }, () => ({ source }));

describe('askForTen', () => {
  let recommendations: object | null;
  let refusals = 0;
  const variables: unknown[] = [];
  const server = createServer((request, response) => {
    void json(request).then((body) => {
      variables.push((body as { variables: unknown }).variables);
      const errors = [{ extensions: { code: 'OVERLOADED', retryAfterSeconds: 0 } }];
      if (refusals-- > 0) response.end(JSON.stringify({ data: { user: { recommendations: null } }, errors }));
      else response.end(JSON.stringify({ data: { user: recommendations && { recommendations } } }));
    });
  });
  const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  beforeAll(() => once(server.listen(0, '127.0.0.1'), 'listening'));
  afterAll(() => server.close());

  it('accepts ten items of the model’s for the user that it asks for', async () => {
    recommendations = { nodes: nodes(10, 'GENERATED') };
    await askForTen(url(), 7);
    expect(variables).toEqual([{ externalId: 'user-7' }]);
  });

  it('asks again while the server is overloaded', async () => {
    [recommendations, refusals, variables.length] = [{ nodes: nodes(10, 'GENERATED') }, 2, 0];
    await askForTen(url(), 7);
    expect(variables).toHaveLength(3);
  });

  it.each([
    ['nine items', { nodes: nodes(9, 'GENERATED') }],
    ['items by popularity', { nodes: nodes(10, 'POPULARITY') }],
    ['no such user', null],
  ])('refuses %s', async (_, answer) => {
    recommendations = answer;
    await expect(askForTen(url(), 7)).rejects.toThrow("expected 10 items of the model's, got HTTP status 200");
  });
});
