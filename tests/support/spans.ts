/** Records the spans of a piece of work. */
import { InMemorySpanExporter, type ReadableSpan } from '@opentelemetry/sdk-trace-base';

import { traceTo } from '../../src/process/start-tracing';

/** Runs `work` while spans are recorded. */
export async function spansOf(work: () => Promise<unknown>): Promise<ReadableSpan[]> {
  const exporter = new InMemorySpanExporter();
  const kept: ReadableSpan[] = [];
  // The exporter forgets its spans when it is shut down.
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
