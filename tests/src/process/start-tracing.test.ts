import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';

import { createLogger } from '../../../src/logger';
import { startTracing } from '../../../src/process/start-tracing';
import { traced } from '../../../src/tracing';
import { testClient } from '../../support/graphql-client';
import { startServerProcess } from '../../support/server-process';

interface Span {
  readonly name: string;
  readonly traceId: string;
}

/** What a process sends to a collector. */
interface Sent {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly { readonly key: string; readonly value: unknown }[] };
    readonly scopeSpans: readonly { readonly spans: readonly Span[] }[];
  }[];
}

/** Starts a process of its own, since the exporter loads modules in a way that the tests' realm does not know. */
async function sentBy(env: Readonly<Record<string, string>>, work: (url: string) => Promise<unknown>) {
  const sent: Sent[] = [];
  const paths = new Set<string | undefined>();
  const collector = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => (text += String(chunk)));
    request.on('end', () => {
      paths.add(request.url);
      sent.push(JSON.parse(text) as Sent);
      response.setHeader('content-type', 'application/json').end('{}');
    });
  });
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  const { port } = collector.address() as AddressInfo;
  const dir = await mkdtemp(join(tmpdir(), 'tigerql-traces-'));
  const process = await startServerProcess(dir, { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}/`, ...env });
  await work(process.url);
  expect(await process.stop()).toBe(0);
  await new Promise((resolve) => collector.close(resolve));
  await rm(dir, { recursive: true });
  expect([...paths]).toEqual(['/v1/traces']);
  const parts = sent.flatMap(({ resourceSpans }) => resourceSpans);
  return {
    spans: parts.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)),
    resource: Object.fromEntries(parts[0].resource.attributes.map(({ key, value }) => [key, value])),
  };
}

describe('startTracing', () => {
  it('sends the trace of a request to a collector over OTLP and HTTP', async () => {
    const { spans, resource } = await sentBy({}, (url) =>
      testClient(url).execute('query Shop { items(first: 1) { nodes { title } } }'),
    );
    const { traceId } = spans.find(({ name }) => name === 'POST /graphql') ?? {};
    const names = spans.filter((span) => span.traceId === traceId).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['POST /graphql', 'query', 'database read']));
    expect(resource).toEqual({
      'service.name': { stringValue: 'tigerql' },
      'service.instance.id': { stringValue: expect.stringMatching(/^[0-9a-f-]{36}$/) },
      'host.name': { stringValue: hostname() },
    });
  }, 120_000);

  it('sends the reads of a trainer, by the name that its environment gives it', async () => {
    const names = { OTEL_SERVICE_NAME: 'trainer', OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test' };
    const { spans, resource } = await sentBy({ TIGERQL_ROLE: 'train', ...names }, async () => undefined);
    expect(spans.map(({ name }) => name)).toContain('database read');
    expect(resource).toMatchObject({
      'service.name': { stringValue: 'trainer' },
      'deployment.environment.name': { stringValue: 'test' },
    });
  }, 120_000);

  it('ends also when no collector answers', async () => {
    const tracing = await startTracing('http://127.0.0.1:9', createLogger('silent'));
    await traced('work', async () => undefined);
    await tracing.dispose();
  }, 30_000);

  it('traces nothing without an address', async () => {
    const tracing = await startTracing(undefined, createLogger('silent'));
    await traced('work', async (span) => expect(span.isRecording()).toBe(false));
    await tracing.dispose();
  });
});
