/** What the transports serve. */
import type { GraphQLSchema } from 'graphql';

import type { CreateContext } from '../api/context';
import type { Logger } from '../logger';

/** All that the server knows of what it serves. */
export interface App {
  readonly schema: GraphQLSchema;
  readonly logger: Logger;
  readonly createContext: CreateContext;
  /** What only a process that serves does: takes up the trainings that a former one left. */
  start(): Promise<void>;
  /** Whether traffic is welcome, and if not, why. */
  ready(): Promise<Readiness>;
  dispose(): Promise<void>;
}

export interface Readiness {
  readonly ready: boolean;
  readonly reasons: readonly string[];
}
