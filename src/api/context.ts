/** Makes the context of each operation: who calls, and what resolvers may call. */
import { randomUUID } from 'node:crypto';

import type { Caller } from '../../graphql/api-key/records';
import type { ApiKeys, Context, Loaders } from '../../graphql/context';
import type { TopicHub } from '../../graphql/topics';
import { DatabaseUnavailableError, UnauthenticatedError } from '../errors';
import { withTimeout } from '../waiting/promises';
import type { HeldKey } from './api-keys';
import type { ReadAccessNow } from './read-access';
import type { StorefrontTokens } from './storefront-tokens';

/** The ports of a context, and what makes the rest of it for each operation. */
export interface Services extends Omit<
  Context,
  'requestId' | 'role' | 'caller' | 'apiKeys' | 'loaders' | 'hub' | 'signal'
> {
  readonly hub: TopicHub;
  readonly apiKeys: ApiKeys & {
    keyOf(secret: string): Promise<HeldKey | null>;
    isInUse(id: number): Promise<boolean>;
  };
  /** @param signal - When it is aborted, the loaders read nothing more. */
  createLoaders(signal: AbortSignal): Loaders;
}

/** How the caller of an operation is known. */
export interface AccessParts {
  readonly readAccess: ReadAccessNow;
  readonly tokens: StorefrontTokens;
}

/** @param signal - Aborted when nobody waits for the answer any more. */
export type ContextFor = (caller: Caller, signal?: AbortSignal) => Context;

/** The signal of operations that run to their end in any case. */
const NEVER = new AbortController().signal;

/** Whether the key or token of a caller still holds, for what stays open longer than one operation. */
export type IsCurrent = (caller: Caller) => Promise<boolean>;

export function contextsOf({ createLoaders, ...ports }: Services): ContextFor {
  return (caller, signal = NEVER) => ({
    ...ports,
    ...{ role: caller.role, caller, requestId: randomUUID() },
    ...{ loaders: createLoaders(signal), signal },
  });
}

export function createIsCurrent({ apiKeys }: Pick<Services, 'apiKeys'>): IsCurrent {
  return async ({ key, expiresAt }) => {
    if (expiresAt !== null && expiresAt.getTime() <= Date.now()) return false;
    return key === null || apiKeys.isInUse(key.id);
  };
}

/** A database that needs longer for so small a read cannot serve requests: its machine may have vanished without a word. */
const MAX_LOOK_UP_MS = 10_000;

/**
 * @param authorization - The header or connection parameter as the client sent it, such as `Bearer <key>`; undefined when absent.
 * @throws {UnauthenticatedError} For a wrong key, and for none where reading needs one.
 * @throws {DatabaseUnavailableError} When the database says nothing.
 */
export async function callerOf(
  authorization: string | undefined,
  apiKeys: Services['apiKeys'],
  access: AccessParts,
): Promise<Caller> {
  const caller = await withTimeout(MAX_LOOK_UP_MS, lookUp(authorization, apiKeys, access), null);
  if (caller === null) throw new DatabaseUnavailableError();
  return caller;
}

async function lookUp(
  authorization: string | undefined,
  apiKeys: Services['apiKeys'],
  { readAccess, tokens }: AccessParts,
): Promise<Caller> {
  if (authorization === undefined) return anonymous(readAccess);
  const secret = /^Bearer +(\S+) *$/i.exec(authorization)?.[1];
  if (secret === undefined) throw noKey(authorization === '' ? 'none' : 'another form');
  if (tokens.isToken(secret)) return { role: 'STOREFRONT', key: null, ...(await tokens.verify(secret)) };
  const key = await apiKeys.keyOf(secret);
  // An unknown key is an error even where reading needs none: the caller believes that it is valid.
  if (key === null)
    throw new UnauthenticatedError(
      'authorization: expected a valid API key, got an unknown or expired one; createApiKey makes another',
    );
  const { id, name, role, expiresAt } = key;
  return { role, key: { id, name }, userExternalId: null, expiresAt };
}

async function anonymous(readAccess: ReadAccessNow): Promise<Caller> {
  const access = await readAccess();
  if (access === 'key') throw noKey('none');
  return { role: access === 'open' ? 'READER' : 'ANONYMOUS', key: null, userExternalId: null, expiresAt: null };
}

function noKey(got: string): UnauthenticatedError {
  return new UnauthenticatedError(`authorization: expected "Bearer <key>", got ${got}; createApiKey makes keys`);
}

/**
 * Names a caller, where each may have a share of something. The text of the key or token would not do: the same one
 * can be written in many ways.
 */
export function callerName(caller: Caller, address: string): string {
  if (caller.key) return `key ${caller.key.id}`;
  return caller.userExternalId ? `user ${caller.userExternalId}` : address;
}
