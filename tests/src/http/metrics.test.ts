import { type RunningServer, startServer } from '../../../src/http/server';
import { createFakeApp, testConfig } from '../../support/fake-ports';
import { testClient } from '../../support/graphql-client';

let server: RunningServer;
beforeAll(async () => {
  server = await startServer(createFakeApp(), testConfig());
});
afterAll(() => server.close());

describe('createMetrics', () => {
  it('counts operations by kind and outcome, and has no label for names that callers choose', async () => {
    const client = testClient(server.url);
    await client.execute('query Chosen { __typename }');
    await client.execute('{ nothing }');
    const text = await (await fetch(`${server.url}/metrics`)).text();
    expect(text).toContain('tigerql_operations_total{operation="query",outcome="ok"} 1');
    expect(text).toContain('tigerql_operations_total{operation="invalid",outcome="GRAPHQL_VALIDATION_FAILED"} 1');
    expect(text).not.toContain('Chosen');
  });
});
