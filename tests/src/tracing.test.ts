import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { InMemorySpanExporter, type ReadableSpan } from '@opentelemetry/sdk-trace-base';

import { type RunningServer, startServer } from '../../src/http/server';
import { LiveModel } from '../../src/recommend/live-model';
import { startTracing, traceTo } from '../../src/start-tracing';
import { tracedDatabase } from '../../src/storage/traced-database';
import { traced, tracedRequest } from '../../src/tracing';
import { openTestDatabase, type TestDatabase } from '../support/database';
import { fakePool, modelOf, userOf } from '../support/fake-decode-worker';
import { createFakeApp, type FakeApp, testConfig } from '../support/fake-ports';
import { testClient } from '../support/graphql-client';
import { startServerProcess } from '../support/server-process';

const CALLER = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };
const TRACEPARENT = `00-${CALLER.traceId}-${CALLER.spanId}-01`;

/** What a collector gets. */
interface Sent {
  readonly url?: string;
  readonly body: {
    readonly resourceSpans: readonly {
      readonly scopeSpans: readonly {
        readonly spans: readonly { readonly name: string; readonly traceId: string }[];
      }[];
    }[];
  };
}

/** Runs `work` while spans are recorded. */
async function spansOf(work: () => Promise<unknown>): Promise<ReadableSpan[]> {
  const exporter = new InMemorySpanExporter();
  const kept: ReadableSpan[] = [];
  // What is exported at the end is forgotten at the exporter's end.
  const shutdown = exporter.shutdown.bind(exporter);
  exporter.shutdown = () => {
    kept.push(...exporter.getFinishedSpans());
    return shutdown();
  };
  const tracing = await traceTo(exporter);
  try {
    await work();
  } finally {
    await tracing.dispose();
  }
  return kept;
}

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
  let opened: TestDatabase;
  beforeAll(async () => {
    opened = await openTestDatabase();
    app = createFakeApp();
    server = await startServer(app, testConfig({ LOG_LEVEL: 'debug' }));
  });
  afterAll(async () => {
    await server.close();
    await opened.dispose();
  });

  it('is one trace from HTTP to the operation, and log lines have its id', async () => {
    app.logger.level = 'debug';
    const spans = await spansOf(() =>
      fetch(`${server.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', traceparent: TRACEPARENT },
        body: JSON.stringify({ query: 'query Shop { catalogue { itemCount } }' }),
      }).then((response) => response.text()),
    );
    const [request, operation] = [named(spans, 'POST /graphql'), named(spans, 'query Shop')];
    expect(request.parentSpanContext?.spanId).toBe(CALLER.spanId);
    expect(operation.parentSpanContext?.spanId).toBe(request.spanContext().spanId);
    const line = app.logLines.find(({ msg }) => msg === 'The operation was answered.');
    expect(line?.traceId).toBe(CALLER.traceId);
  });

  it('has the worker that made a list and the reads and writes of the database as its parts', async () => {
    const database = tracedDatabase(opened.database);
    const { pool, workers } = fakePool(1);
    await pool.load(modelOf(1));
    const live = new LiveModel(pool);
    const spans = await spansOf(() =>
      traced('request', async () => {
        const begun = workers[0].nextBatch();
        const lists = live.recommend([userOf(3)]);
        await begun;
        workers[0].answer();
        await lists;
        await database.hotPath.rowsIn('SELECT "id" FROM "User" WHERE "id" IN', [1]);
        await database.read.item.count();
        await database.write((transaction) => transaction.item.count());
      }),
    );
    const request = named(spans, 'request').spanContext();
    expect(spans.every((span) => span.spanContext().traceId === request.traceId)).toBe(true);
    const list = named(spans, 'make lists');
    expect(list.parentSpanContext?.spanId).toBe(request.spanId);
    expect(named(spans, 'decode worker').parentSpanContext?.spanId).toBe(list.spanContext().spanId);
    expect(named(spans, 'database write').parentSpanContext?.spanId).toBe(request.spanId);
    const reads = spans.filter(({ name }) => name === 'database read');
    expect(reads.map(({ attributes }) => attributes['db.collection.name'])).toEqual(['User', 'Item']);
  });
});

describe('startTracing', () => {
  it('sends the trace of a request to a collector over OTLP and HTTP', async () => {
    const sent: Sent[] = [];
    const collector = createServer((request, response) => {
      let text = '';
      request.on('data', (chunk) => (text += String(chunk)));
      request.on('end', () => {
        sent.push({ url: request.url, body: JSON.parse(text) as Sent['body'] });
        response.setHeader('content-type', 'application/json').end('{}');
      });
    });
    await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
    const { port } = collector.address() as AddressInfo;
    const dir = await mkdtemp(join(tmpdir(), 'tigerql-traces-'));
    // A process of its own: the exporter loads modules in a way that the tests' realm does not know.
    const process = await startServerProcess(dir, { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}/` });
    await testClient(process.url).execute('query Shop { items(first: 1) { nodes { title } } }');
    expect(await process.stop()).toBe(0);
    await new Promise((resolve) => collector.close(resolve));
    await rm(dir, { recursive: true });
    expect(new Set(sent.map(({ url }) => url))).toEqual(new Set(['/v1/traces']));
    const spans = sent.flatMap(({ body }) =>
      body.resourceSpans.flatMap((one) => one.scopeSpans.flatMap((of) => of.spans)),
    );
    const { traceId } = spans.find(({ name }) => name === 'POST /graphql') ?? {};
    const names = spans.filter((span) => span.traceId === traceId).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['POST /graphql', 'query Shop', 'database read']));
  }, 60_000);

  it('ends also when no collector answers', async () => {
    const tracing = await startTracing('http://127.0.0.1:9');
    await traced('work', async () => undefined);
    await tracing.dispose();
  }, 30_000);

  it('traces nothing without an address', async () => {
    const tracing = await startTracing(undefined);
    await traced('work', async (span) => expect(span.isRecording()).toBe(false));
    await tracing.dispose();
  });
});
