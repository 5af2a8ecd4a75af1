/** Sends traces to a collector, over OTLP and HTTP. The packages that do it are loaded only when it is on. */
import { hostname } from 'node:os';

import type { SpanExporter } from '@opentelemetry/sdk-trace-base';

import { checkInstalled } from '../config';
import type { Logger } from '../logger';
import { withTimeout } from '../waiting/promises';

const PACKAGES = [
  '@opentelemetry/exporter-trace-otlp-http',
  '@opentelemetry/sdk-trace-base',
  '@opentelemetry/context-async-hooks',
  '@opentelemetry/core',
  '@opentelemetry/resources',
];

/** How long the last spans may take to be sent. */
const MAX_END_MS = 2_000;

export interface Tracing {
  /** Sends what has not been sent. */
  dispose(): Promise<void>;
}

/**
 * @param endpoint - Of the collector, such as `http://localhost:4318`; undefined: nothing is traced.
 * @throws {ConfigError} When the packages are not installed.
 */
export async function startTracing(endpoint: string | undefined, logger: Logger): Promise<Tracing> {
  if (endpoint === undefined) return { dispose: async () => undefined };
  checkInstalled('OTEL_EXPORTER_OTLP_ENDPOINT', PACKAGES);
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http');
  const url = `${endpoint.replace(/\/$/, '')}/v1/traces`;
  const { setGlobalErrorHandler } = await import('@opentelemetry/core');
  setGlobalErrorHandler((err) => logger.warn({ err, url }, 'The trace collector took no traces; they are lost.'));
  return traceTo(new OTLPTraceExporter({ url }));
}

export async function traceTo(exporter: SpanExporter): Promise<Tracing> {
  const { context, propagation, trace } = await import('@opentelemetry/api');
  const { AsyncLocalStorageContextManager } = await import('@opentelemetry/context-async-hooks');
  const { BasicTracerProvider, BatchSpanProcessor } = await import('@opentelemetry/sdk-trace-base');
  const { W3CTraceContextPropagator } = await import('@opentelemetry/core');
  const provider = new BasicTracerProvider({
    resource: await thisProcess(),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(provider);
  return {
    async dispose() {
      // A collector that is away keeps no server from its end.
      await withTimeout(MAX_END_MS, provider.shutdown(), undefined).catch(() => undefined);
      for (const part of [context, propagation, trace]) part.disable();
    },
  };
}

/** Tells the processes of one database apart. `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES` may say more, or otherwise. */
async function thisProcess() {
  const { detectResources, envDetector, resourceFromAttributes, serviceInstanceIdDetector } =
    await import('@opentelemetry/resources');
  return resourceFromAttributes({ 'service.name': 'tigerql', 'host.name': hostname() }).merge(
    detectResources({ detectors: [serviceInstanceIdDetector, envDetector] }),
  );
}
