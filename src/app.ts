/** Wires the services into an app; no port is opened here. */
import type { GraphQLSchema } from 'graphql';
import type { CreateContext } from './context';
import type { Logger } from './logger';

/** All that the server knows of what it serves. */
export interface App {
  readonly schema: GraphQLSchema;
  readonly logger: Logger;
  readonly createContext: CreateContext;
  /** Whether traffic is welcome, and if not, why. */
  ready(): Promise<Readiness>;
  dispose(): Promise<void>;
}

export interface Readiness {
  readonly ready: boolean;
  readonly reasons: readonly string[];
}
