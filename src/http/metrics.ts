/** The metrics that Prometheus reads at /metrics; docs/metrics.md has a list of them. */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

import type { Observe } from '../api/answers';

/** The state of the app at one moment, for operators. */
export interface Measurements {
  /** Null: this process only trains. */
  readonly serving: ServingMeasurements | null;
  /** Null: the database has no pool. */
  readonly connections: { readonly used: number; readonly idle: number; readonly waiting: number } | null;
  /** Null: the database has not answered. */
  readonly jobs: { readonly queued: number; readonly running: number } | null;
}

export interface ServingMeasurements {
  /** Users whose lists wait for a decode worker. */
  readonly waitingUsers: number;
  readonly readyWorkers: number;
  /** Decode workers that have lost the live model. */
  readonly lostWorkers: number;
  /** The number of the version that makes the lists; 0: none does. Null: the database has not answered. */
  readonly modelVersion: number | null;
  /** The last change of the catalogue that this process has followed. */
  readonly followedVersion: number;
  readonly lagChanges: number;
  readonly lagSeconds: number;
}

export interface Metrics {
  readonly observe: Observe;
  /** An operation was refused before it was read. */
  readonly refused: () => void;
  readonly openSockets: Gauge;
  /** A decode worker has made lists for so many users. */
  batchDone(users: number, seconds: number): void;
  readonly contentType: string;
  /** @param now - What is measured when somebody asks. */
  text(now: Measurements & { readonly operationsInFlight: number }): Promise<string>;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = requestMetrics(registry);
  const batches = batchMetrics(registry);
  const gauges = momentGauges(registry);
  return {
    ...requests,
    ...batches,
    contentType: registry.contentType,
    text(now) {
      gauges(now);
      return registry.metrics();
    },
  };
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

/** @returns A function that sets the gauges. What could not be measured is NaN, which Prometheus shows as a gap. */
function momentGauges(registry: Registry): (now: Parameters<Metrics['text']>[0]) => void {
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name, help, labelNames, registers: [registry] });
  const operationsInFlight = gauge('tigerql_operations_in_flight', 'Operations that were let in and have not ended.');
  const waitingUsers = gauge('tigerql_waiting_users', 'Users whose lists wait for a decode worker.');
  const workers = gauge('tigerql_decode_workers', 'Decode workers: ready, or without the active model (lost).', [
    'state',
  ]);
  const model = gauge('tigerql_model_version', 'Number of the model version that makes the lists; 0 while none does.');
  const catalogue = gauge(
    'tigerql_catalogue_version',
    'The last change of the catalogue that this server has followed.',
  );
  const lag = gauge(
    'tigerql_follower_lag_changes',
    'Changes of the catalogue that this server knows of and has not followed.',
  );
  const behind = gauge('tigerql_follower_lag_seconds', 'How long this server has been behind the catalogue.');
  const connections = gauge(
    'tigerql_database_connections',
    'Connections of the PostgreSQL pool, and who waits for one.',
    ['state'],
  );
  const jobs = gauge('tigerql_training_jobs', 'Training jobs in the database that have not ended.', ['status']);
  return (now) => {
    const { serving } = now;
    operationsInFlight.set(now.operationsInFlight);
    waitingUsers.set(serving?.waitingUsers ?? NaN);
    workers.set({ state: 'ready' }, serving?.readyWorkers ?? NaN);
    workers.set({ state: 'lost' }, serving?.lostWorkers ?? NaN);
    model.set(serving?.modelVersion ?? NaN);
    catalogue.set(serving?.followedVersion ?? NaN);
    lag.set(serving?.lagChanges ?? NaN);
    behind.set(serving?.lagSeconds ?? NaN);
    for (const state of ['used', 'idle', 'waiting'] as const) connections.set({ state }, now.connections?.[state] ?? 0);
    for (const status of ['queued', 'running'] as const) jobs.set({ status }, now.jobs?.[status] ?? NaN);
  };
}
