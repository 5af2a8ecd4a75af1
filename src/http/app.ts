/** What the server serves, as it knows it. */
import type { GraphQLSchema } from 'graphql';

import type { CreateContext, IsCurrent } from '../api/context';
import type { Logger } from '../logger';

export interface App {
  readonly schema: GraphQLSchema;
  readonly logger: Logger;
  readonly createContext: CreateContext;
  readonly isCurrent: IsCurrent;
  /** Does what only a process that serves does: follows the changes of other processes, and goes on with trainings that a former one left. */
  start(): Promise<void>;
  /** Whether the app can answer, and if not, why. */
  ready(): Promise<Readiness>;
  dispose(): Promise<void>;
}

export interface Readiness {
  readonly ready: boolean;
  readonly reasons: readonly string[];
}
