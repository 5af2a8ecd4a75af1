/** The metrics that Prometheus reads at /metrics; docs/metrics.md has a list of them. */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

import type { Observe } from '../api/answers';

export interface Metrics {
  readonly registry: Registry;
  readonly observe: Observe;
  /** An operation was refused before it was read. */
  readonly refused: () => void;
  readonly openSockets: Gauge;
  /** A decode worker has made lists for so many users. */
  batchDone(users: number, seconds: number): void;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return { registry, ...requestMetrics(registry), ...batchMetrics(registry) };
}

function requestMetrics(registry: Registry): Pick<Metrics, 'observe' | 'refused' | 'openSockets'> {
  const registers = [registry];
  const operations = new Counter({
    name: 'tigerql_operations_total',
    help: 'Operations answered.',
    labelNames: ['operation', 'outcome'],
    registers,
  });
  const duration = new Histogram({
    name: 'tigerql_operation_seconds',
    help: 'Time to answer an operation; for a subscription, time until it is open.',
    labelNames: ['operation'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  });
  const refusals = new Counter({
    name: 'tigerql_refusals_total',
    help: 'Operations refused as OVERLOADED before they were read.',
    registers,
  });
  const openSockets = new Gauge({ name: 'tigerql_open_sockets', help: 'WebSockets that are open.', registers });
  return {
    openSockets,
    refused: () => refusals.inc(),
    observe(operation, outcome, seconds) {
      operations.inc({ operation, outcome });
      duration.observe({ operation }, seconds);
    },
  };
}

function batchMetrics(registry: Registry): Pick<Metrics, 'batchDone'> {
  const registers = [registry];
  const users = new Histogram({
    name: 'tigerql_decode_batch_users',
    help: 'Users whose lists one batch of a decode worker made.',
    buckets: [1, 2, 4, 8, 16],
    registers,
  });
  const seconds = new Histogram({
    name: 'tigerql_decode_batch_seconds',
    help: 'Time of a decode worker for one batch.',
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers,
  });
  return {
    batchDone(count, time) {
      users.observe(count);
      seconds.observe(time);
    },
  };
}

/** Adds a gauge that is measured when somebody asks. NaN: it could not be measured; Prometheus shows a gap. */
export function measured(
  registry: Registry,
  name: string,
  help: string,
  measure: () => number | Promise<number>,
): void {
  const gauge: Gauge = new Gauge({
    name,
    help,
    registers: [registry],
    collect: async () => gauge.set(await measure()),
  });
}

/** Adds a gauge with a figure for each value of a label. */
export function measuredBy<T extends string>(
  label: T,
  registry: Registry,
  name: string,
  help: string,
  measure: () => Readonly<Record<string, number>> | Promise<Readonly<Record<string, number>>>,
): void {
  const gauge: Gauge<T> = new Gauge({
    name,
    help,
    labelNames: [label],
    registers: [registry],
    collect: async () => {
      for (const [value, figure] of Object.entries(await measure()))
        gauge.set({ [label]: value } as Record<T, string>, figure);
    },
  });
}
