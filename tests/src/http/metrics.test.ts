import { createMetrics } from '../../../src/http/metrics';
import { type RunningServer, startServer } from '../../../src/http/server';
import { createFakeApp, MEASUREMENTS, testConfig } from '../../support/fake-ports';
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

  it('says nothing of lists for a process that makes none, so that no alert takes it for a server without a model', async () => {
    const text = await createMetrics().text({ ...MEASUREMENTS, serving: null, operationsInFlight: 1 });
    expect(text).toMatch(/tigerql_model_version NaN/i);
    expect(text).toMatch(/tigerql_catalogue_version NaN/i);
    expect(text).toContain('tigerql_training_jobs{status="running"} 1');
  });
});
