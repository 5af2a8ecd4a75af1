/** The app, as the HTTP server that serves it knows it. */
import type { GraphQLSchema } from 'graphql';

import type { Caller } from '../../graphql/api-key/records';
import type { ContextFor, IsCurrent } from '../api/context';
import type { Logger } from '../logger';
import type { KnowsCallers } from './access';
import type { Metrics } from './metrics';

export interface App {
  readonly schema: GraphQLSchema;
  readonly logger: Logger;
  readonly metrics: Metrics;
  callerOf(authorization: string | undefined): Promise<Caller>;
  readonly contextFor: ContextFor;
  readonly isCurrent: IsCurrent;
  /** Begins what runs beside requests: trainings that wait or were left, and on a server the changes of other processes. */
  start(): Promise<void>;
  /** How long a list that is asked for now would wait; 0 while no model makes lists. */
  expectedListWaitMs(): number;
  /** Whether it may still become ready by itself. If not, only a new process heals it. */
  live(): boolean;
  /** Whether the app can answer, and if not, why. */
  ready(): Promise<Readiness>;
  dispose(): Promise<void>;
}

/** A process that trains and serves no requests, as its port knows it. */
export interface TrainerApp extends Pick<App, 'logger' | 'metrics' | 'start' | 'live' | 'ready' | 'dispose'> {
  readonly callerOf: KnowsCallers['callerOf'];
}

export interface Readiness {
  readonly ready: boolean;
  readonly reasons: readonly string[];
}
