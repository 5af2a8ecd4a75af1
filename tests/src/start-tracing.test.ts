import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startTracing } from '../../src/start-tracing';
import { traced } from '../../src/tracing';
import { testClient } from '../support/graphql-client';
import { startServerProcess } from '../support/server-process';

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
  }, 120_000);

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
