import { serverAudits } from 'graphql-http';

import { type RunningServer, startServer } from '../../../src/http/server';
import { createFakeApp, testConfig } from '../../support/fake-ports';

let server: RunningServer;
beforeAll(async () => {
  server = await startServer(createFakeApp(), testConfig());
});
afterAll(() => server.close());

/** Says, as every client of ours that sends GET must, that no foreign page sent this. */
const fetchPreflighted: typeof fetch = (url, init) =>
  fetch(url, { ...init, headers: { ...(init?.headers as Record<string, string>), 'apollo-require-preflight': '1' } });

describe('GraphQL over HTTP', () => {
  it('passes 58 of the 61 audits', async () => {
    const audits = serverAudits({ url: () => `${server.url}/graphql`, fetchFn: fetchPreflighted });
    const results = [];
    for (const audit of audits) results.push(await audit.fn()); // all at once are an overload for a slow machine
    const failing = results.filter(({ status }) => status !== 'ok').map(({ status, name }) => `${status}: ${name}`);
    expect(results).toHaveLength(61);
    // With the older media type Apollo answers 400 where the audits would like 200.
    expect(failing.sort()).toEqual([
      'warn: SHOULD use 200 status code on document parsing failure when accepting application/json',
      'warn: SHOULD use 200 status code on document validation failure when accepting application/json',
      'warn: SHOULD use a status code of 200 on variable coercion failure when accepting application/json',
    ]);
  });
});
