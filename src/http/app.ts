/** What the server serves, as it knows it. */
import type { GraphQLSchema } from 'graphql';

import type { CreateContext, IsCurrent } from '../api/context';
import type { Logger } from '../logger';
import type { Metrics } from './metrics';
import type { KnowsCallers } from './only-for';

export interface App {
  readonly schema: GraphQLSchema;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly createContext: CreateContext;
  readonly isCurrent: IsCurrent;
  /** Does what only a process that serves does: follows the changes of other processes, and goes on with trainings that a former one left. */
  start(): Promise<void>;
  measure(): Promise<Measurements>;
  /** Whether the app can answer, and if not, why. */
  ready(): Promise<Readiness>;
  dispose(): Promise<void>;
}

/** What operators may want to know of the app at one moment. */
export interface Measurements {
  /** Users whose lists wait for a decode worker. */
  readonly waitingUsers: number;
  readonly readyWorkers: number;
  /** Decode workers that have lost the live model. */
  readonly lostWorkers: number;
  readonly modelVersionId: number | null;
  /** The last change of the catalogue that this process has followed. */
  readonly followedVersion: number;
  readonly lagChanges: number;
  readonly lagSeconds: number;
  /** Null: the database has no pool. */
  readonly connections: { readonly used: number; readonly idle: number; readonly waiting: number } | null;
  /** Null: the database has not answered. */
  readonly jobs: { readonly queued: number; readonly running: number } | null;
  /** Null: no training with a snapshot runs in this process. */
  readonly snapshotAgeSeconds: number | null;
}

/** A process that trains and serves no requests, as its port knows it. */
export interface QuietApp extends Pick<App, 'logger' | 'metrics' | 'measure' | 'start' | 'ready' | 'dispose'> {
  readonly createContext: KnowsCallers['createContext'];
}

export interface Readiness {
  readonly ready: boolean;
  readonly reasons: readonly string[];
}
