import { OverloadedError, PublicError } from '../../../src/errors';
import { startServer, type RunningServer } from '../../../src/http/server';
import { createFakeApp, type FakeApp, testConfig } from '../../support/fake-ports';
import { testClient } from '../../support/graphql-client';
import { OPERATIONS } from '../../support/operations';

describe('pipelinePlugin', () => {
  let app: FakeApp;
  let server: RunningServer;
  async function start(environment: NodeJS.ProcessEnv = {}) {
    app = createFakeApp();
    server = await startServer(app, testConfig(environment));
    return testClient(server.url);
  }
  afterEach(() => server.close());

  it('answers 400 when the pipeline refuses the operation, without its HTTP status in the body', async () => {
    const client = await start({ TIGERQL_MAX_ALIASES: '2' });
    for (const document of ['{ items(', '{ nothing }', '{ a: __typename b: __typename c: __typename }']) {
      const answer = await client.execute(document);
      expect(answer.status).toBe(400);
      expect(answer.errors[0].extensions).toEqual({ code: expect.any(String) });
    }
  });

  it('says where subscriptions run', async () => {
    const client = await start();
    const answer = await client.execute('subscription { catalogueChanges { version } }');
    expect(answer.status).toBe(400);
    expect(answer.errors).toEqual([
      {
        message:
          'operation: expected a query or a mutation over HTTP, got a subscription; open a WebSocket at /graphql',
        extensions: { code: 'BAD_REQUEST' },
      },
    ]);
  });

  it('answers 503 with Retry-After when overload is all that went wrong', async () => {
    const client = await start();
    app.services.recommender.recommendForHistory = () => {
      throw new OverloadedError('recommendations: expected at most 512 users waiting', 3);
    };
    const answer = await client.execute(OPERATIONS['history-recommendations'], { history: ['item-1'] });
    expect(answer.expectErrors()).toEqual(['OVERLOADED']);
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('3');
  });

  it('answers 200 when something else went wrong as well', async () => {
    const client = await start();
    app.services.recommender.recommendForHistory = () => Promise.reject(new OverloadedError('busy'));
    const document = '{ recommendations(history: ["a"]) { catalogueVersion } items(first: 0) { nodes { id } } }';
    expect((await client.execute(document)).status).toBe(200);
  });

  it('answers with the status and the code of an error that names them', async () => {
    const client = await start();
    app.services.recommender.recommendForHistory = () => Promise.reject(new PublicError('TRY_AGAIN', 'later', 503));
    const answer = await client.execute(OPERATIONS['history-recommendations'], { history: ['item-1'] });
    expect([answer.status, answer.expectErrors()]).toEqual([503, ['TRY_AGAIN']]);
  });

  it('counts an operation once, with what came of it, also a text that is no document', async () => {
    const client = await start();
    await client.execute('{ __typename }');
    await client.execute('{ items(');
    const text = await (await fetch(`${server.url}/metrics`)).text();
    const counted = text.split('\n').filter((line) => line.startsWith('tigerql_operations_total{'));
    expect(counted.map((line) => line.slice(line.indexOf('}') + 2))).toEqual(['1', '1']);
  });
});
