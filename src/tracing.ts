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

/** Begins a span of a part whose end comes elsewhere. Spans that begin meanwhile are not its children. */
export function startSpan(name: string, attributes: Attributes = {}): Span {
  return tracer().startSpan(name, { attributes });
}

/** For work that has failed and says so without throwing. */
export function markFailed(span: Span, message: string): void {
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
    markFailed(span, messageOf(error));
    throw error;
  } finally {
    span.end();
  }
}
