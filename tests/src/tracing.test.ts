import { SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';

import { OverloadedError } from '../../src/errors';
import { type RunningServer, startServer } from '../../src/http/server';
import { ListQueue } from '../../src/recommend/queue';
import { traced, tracedRequest } from '../../src/tracing';
import { fakePool, modelOf, userOf } from '../support/fake-decode-worker';
import { createFakeApp, type FakeApp, testConfig } from '../support/fake-ports';
import { spansOf } from '../support/spans';

const CALLER = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };
const TRACEPARENT = `00-${CALLER.traceId}-${CALLER.spanId}-01`;

function named(spans: readonly ReadableSpan[], name: string): ReadableSpan {
  const span = spans.find((each) => each.name === name);
  if (span === undefined) throw new Error(`expected a span ${name}, got ${spans.map((each) => each.name).join(', ')}`);
  return span;
}

describe('tracedRequest', () => {
  it("belongs to the caller's trace, and says why the work has failed", async () => {
    const [span] = await spansOf(() =>
      tracedRequest('request', { traceparent: TRACEPARENT }, () => Promise.reject(new Error('too late'))).catch(
        () => undefined,
      ),
    );
    expect(span.spanContext().traceId).toBe(CALLER.traceId);
    expect(span.parentSpanContext?.spanId).toBe(CALLER.spanId);
    expect(span.status).toMatchObject({ message: 'too late' });
  });
});

describe('a traced operation', () => {
  let app: FakeApp;
  let server: RunningServer;
  beforeAll(async () => {
    app = createFakeApp();
    server = await startServer(app, testConfig({ LOG_LEVEL: 'debug' }));
  });
  afterAll(() => server.close());

  it('is one trace from HTTP to the operation, and log lines have its id', async () => {
    app.logger.level = 'debug';
    const spans = await spansOf(() =>
      fetch(`${server.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', traceparent: TRACEPARENT },
        body: JSON.stringify({ query: 'query Shop { catalogue { itemCount } }' }),
      }).then((response) => response.text()),
    );
    const [request, operation] = [named(spans, 'POST /graphql'), named(spans, 'query')];
    expect(request.parentSpanContext?.spanId).toBe(CALLER.spanId);
    expect(operation.parentSpanContext?.spanId).toBe(request.spanContext().spanId);
    const line = app.logLines.find(({ msg }) => msg === 'The operation was answered.');
    expect(line?.traceId).toBe(CALLER.traceId);
  });

  it.each([
    ['a server that fails', new TypeError('no such column'), 'INTERNAL_SERVER_ERROR', 200],
    ['overload', new OverloadedError('too many'), 'OVERLOADED', 503],
  ])('says of %s that it failed, and how the request was answered', async (_, fault, code, status) => {
    app.services.catalogue.version = () => Promise.reject(fault);
    const query = encodeURIComponent('query Shop { catalogue { version } }');
    const headers = { 'apollo-require-preflight': 'true' };
    const spans = await spansOf(() =>
      fetch(`${server.url}/graphql?query=${query}`, { headers }).then((response) => response.text()),
    );
    const { ERROR, UNSET } = SpanStatusCode;
    const operation = named(spans, 'query');
    expect(operation.status.code).toBe(ERROR);
    expect(operation.attributes).toMatchObject({
      'graphql.operation.type': 'query',
      'graphql.operation.name': 'Shop',
      'error.type': code,
    });
    const request = named(spans, 'GET /graphql');
    expect(request.status.code).toBe(status === 503 ? ERROR : UNSET);
    expect(request.attributes).toEqual({
      'http.request.method': 'GET',
      'http.route': '/graphql',
      'http.response.status_code': status,
      'url.path': '/graphql',
      'url.scheme': 'http',
      'server.address': '127.0.0.1',
      'network.protocol.version': '1.1',
      'user_agent.original': 'node',
      ...(status === 503 && { 'error.type': '503' }),
    });
  });

  it('has the worker that made a list as its part', async () => {
    const { pool, workers } = fakePool(1);
    await pool.load(modelOf(1));
    const queue = new ListQueue(pool);
    const spans = await spansOf(() =>
      traced('request', async () => {
        const begun = workers[0].nextBatch();
        const lists = queue.recommend([userOf(3)]);
        await begun;
        workers[0].answer();
        await lists;
      }),
    );
    const list = named(spans, 'make lists');
    expect(list.parentSpanContext?.spanId).toBe(named(spans, 'request').spanContext().spanId);
    expect(named(spans, 'decode worker').parentSpanContext?.spanId).toBe(list.spanContext().spanId);
  });
});
