/** The metrics that Prometheus reads at /metrics. */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

import type { OperationKind } from '../api/operation-pipeline';

export interface Metrics {
  readonly registry: Registry;
  /** @param outcome - `ok`, or the code of the first error. */
  observe(operation: OperationKind, outcome: string, seconds: number): void;
  readonly openSockets: Gauge;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const operations = new Counter({
    name: 'tigerql_operations_total',
    help: 'Operations answered.',
    labelNames: ['operation', 'outcome'],
    registers: [registry],
  });
  const duration = new Histogram({
    name: 'tigerql_operation_seconds',
    help: 'Time to answer an operation; for a subscription, time until it is open.',
    labelNames: ['operation'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  const openSockets = new Gauge({
    name: 'tigerql_open_sockets',
    help: 'WebSockets that are open.',
    registers: [registry],
  });
  return {
    registry,
    openSockets,
    observe(operation, outcome, seconds) {
      operations.inc({ operation, outcome });
      duration.observe({ operation }, seconds);
    },
  };
}
