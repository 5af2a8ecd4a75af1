/** Makes the context of each operation: the role of the caller, and what resolvers may call. */
import { randomUUID } from 'node:crypto';

import type { Role } from '../../graphql/api-key/records';
import type { ApiKeys, Catalogue, Context, Loaders, Models, Recommender, TrainingJobs } from '../../graphql/context';
import type { TopicHub } from '../../graphql/topics';
import type { Config } from '../config';
import { UnauthenticatedError } from '../errors';

export interface Services {
  readonly catalogue: Catalogue;
  readonly recommender: Recommender;
  readonly trainingJobs: TrainingJobs;
  readonly models: Models;
  readonly apiKeys: ApiKeys & { roleOf(secret: string): Promise<Role | null> };
  readonly hub: TopicHub;
  /** @param signal - When aborted, the loaders read nothing more. */
  createLoaders(signal: AbortSignal): Loaders;
}

/**
 * @param authorization - The header or connection parameter as the client sent it, such as `Bearer <key>`; undefined when absent.
 * @param signal - Aborted when nobody waits for the answer any more.
 */
export type CreateContext = (authorization: string | undefined, signal?: AbortSignal) => Promise<Context>;

/** Of operations that run to their end in any case. */
const NEVER = new AbortController().signal;

/** @returns A function that throws `UnauthenticatedError` for a wrong key, and for none where reading needs one. */
export function contextsOf(services: Services, readAccess: Config['readAccess']): CreateContext {
  const { catalogue, recommender, trainingJobs, models, apiKeys, hub } = services;
  return async (authorization, signal = NEVER) => ({
    role: await roleOf(authorization, services.apiKeys, readAccess),
    requestId: randomUUID(),
    catalogue,
    recommender,
    trainingJobs,
    models,
    apiKeys,
    hub,
    loaders: services.createLoaders(signal),
    signal,
    notes: new Map(),
  });
}

async function roleOf(
  authorization: string | undefined,
  apiKeys: Services['apiKeys'],
  readAccess: Config['readAccess'],
): Promise<Role> {
  if (authorization === undefined && readAccess === 'open') return 'READER';
  const secret = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1];
  if (secret === undefined) {
    throw new UnauthenticatedError(
      `authorization: expected "Bearer <key>", got ${authorization ? 'another form' : 'none'}`,
    );
  }
  const role = await apiKeys.roleOf(secret);
  // An unknown key is an error even where reading needs none: the caller believes that it is valid.
  if (role === null) throw new UnauthenticatedError('authorization: expected a valid API key, got an unknown one');
  return role;
}
