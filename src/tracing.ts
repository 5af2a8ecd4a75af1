/**
 * Spans of OpenTelemetry: what a request does, and how long each part takes. Without a tracer, which is the default, they cost next to
 * nothing.
 */
import {
  type Attributes,
  context,
  propagation,
  type Span,
  SpanKind,
  type SpanOptions,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';

import { messageOf } from './message-of';

/** Asked for each time: a tracer that was kept would stay with the provider that it had first. */
const tracer = () => trace.getTracer('tigerql');

/** Runs `work` within a span; spans that begin meanwhile are its children. */
export function traced<T>(name: string, work: (span: Span) => Promise<T>, attributes: Attributes = {}): Promise<T> {
  return tracer().startActiveSpan(name, { attributes }, (span) => finished(span, work));
}

/** Does the same for a request; when its headers name a trace (`traceparent`), the span belongs to that. */
export function tracedRequest<T>(
  name: string,
  headers: Readonly<Record<string, unknown>>,
  work: (span: Span) => Promise<T>,
  options: Pick<SpanOptions, 'attributes' | 'startTime'> = {},
): Promise<T> {
  const caller = propagation.extract(context.active(), headers);
  return tracer().startActiveSpan(name, { ...options, kind: SpanKind.SERVER }, caller, (span) => finished(span, work));
}

/** An operation as OpenTelemetry's conventions for GraphQL know it. */
interface Operation {
  readonly operation: string;
  readonly name?: { readonly value: string };
}

/**
 * Begins the span of an operation, whose end comes elsewhere. Spans that begin meanwhile are not its children. Clients choose the names
 * of operations, so these are no part of the span's.
 */
export function startOperationSpan(operation: Operation, requestId: string): Span {
  return tracer().startSpan(operation.operation, optionsOf(operation, { requestId }));
}

/** Runs an operation within such a span. */
export function tracedOperation<T>(operation: Operation, work: (span: Span) => Promise<T>): Promise<T> {
  return tracer().startActiveSpan(operation.operation, optionsOf(operation), (span) => finished(span, work));
}

function optionsOf({ operation, name }: Operation, attributes: Attributes = {}): SpanOptions {
  const ofOperation = { 'graphql.operation.type': operation, 'graphql.operation.name': name?.value };
  return { kind: SpanKind.SERVER, attributes: { ...ofOperation, ...attributes } };
}

/**
 * For work that has failed and says so without throwing.
 *
 * @param type - One of few: the code of an error, or an HTTP status.
 */
export function markFailed(span: Span, type: string, message?: string): void {
  span.setAttribute('error.type', type);
  span.setStatus({ code: SpanStatusCode.ERROR, message });
}

/** Adds a span for work that another thread has done meanwhile. Times are milliseconds since 1970. */
export function addSpan(name: string, from: number, to: number, attributes: Attributes = {}): void {
  tracer().startSpan(name, { startTime: from, attributes }).end(to);
}

/** Ids of the current trace, for a line of the log. */
export function traceIds(): { readonly traceId?: string; readonly spanId?: string } {
  const { traceId, spanId } = trace.getActiveSpan()?.spanContext() ?? {};
  return traceId === undefined ? {} : { traceId, spanId };
}

async function finished<T>(span: Span, work: (span: Span) => Promise<T>): Promise<T> {
  try {
    return await work(span);
  } catch (error) {
    span.recordException(error as Error);
    markFailed(span, (error as Partial<Error>)?.name ?? '_OTHER', messageOf(error));
    throw error;
  } finally {
    span.end();
  }
}
