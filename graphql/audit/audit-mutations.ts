/** Writes an audit entry for each mutation, and forgets what was loaded before it. It wraps all of them, so that none is forgotten. */
import { defaultFieldResolver, type GraphQLFieldResolver, type GraphQLSchema } from 'graphql';

import type { Caller } from '../api-key/records';
import type { Context } from '../context';

const MAX_CHARACTERS = 500;
const MAX_TEXT = 60;
/** Lists of plain values show this many; of lists of objects only the length is kept. */
const MAX_SHOWN = 5;
/** No input has such a field today. The check stands for those that come. */
const SECRET = /secret|password|token$/i;
/** Users are counted, not named: the log would go on naming those who were erased. */
const USERS = /^(user|users|visitor|userExternalIds)$/;

/** @returns JSON, cut at 500 characters. */
export function shortInput(input: unknown): string {
  const text = JSON.stringify(input, shortened) ?? '';
  return text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS)}…` : text;
}

function shortened(name: string, value: unknown): unknown {
  if (value === undefined) return undefined;
  if (SECRET.test(name)) return '***';
  if (USERS.test(name)) return numberOf([value].flat());
  if (typeof value === 'string') return value.length > MAX_TEXT ? `${value.slice(0, MAX_TEXT)}…` : value;
  if (!Array.isArray(value)) return value;
  const isLong = value.length > MAX_SHOWN || value.some((each) => typeof each === 'object');
  return isLong ? numberOf(value) : value;
}

function numberOf(values: readonly unknown[]): string {
  return `${values.length} entries`;
}

export function storefrontName(userExternalId: string): string {
  return `storefront user ${userExternalId}`;
}

/** In place of the name of a user who was erased. */
export const ERASED_NAME = 'erased storefront user';

/** Changes the mutations of the schema: each leaves an entry. */
export function auditMutations(schema: GraphQLSchema): void {
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    field.resolve = audited(field.resolve ?? defaultFieldResolver);
  }
}

function audited(resolve: GraphQLFieldResolver<unknown, Context>): GraphQLFieldResolver<unknown, Context> {
  return async (root, args, context, info) => {
    const { caller, audit } = context;
    const run = async () => {
      const payload: unknown = await resolve(root, args, context, info);
      context.loaders.clearAll();
      return payload;
    };
    // Callers without a key change nothing, and their refusals would fill the log.
    if (caller.key === null && caller.userExternalId === null) return run();
    const input = shortInput(args.input);
    const apiKeyId = caller.key?.id ?? null;
    const entry = { role: caller.role, caller: nameOf(caller), apiKeyId, mutation: info.fieldName, input };
    return audit.enter(entry, run);
  };
}

function nameOf({ key, userExternalId }: Caller): string {
  return key?.name ?? storefrontName(userExternalId ?? '');
}

/** @returns `OK`, or the code of the first error that a payload has for its caller. */
export function outcomeOf(payload: unknown): string {
  const { userErrors = [] } = (payload ?? {}) as { readonly userErrors?: readonly { readonly code: string }[] };
  return userErrors[0]?.code ?? 'OK';
}

/** @returns The code of an error that a mutation threw. */
export function codeOf(error: unknown): string {
  const { extensions, name } = error as { readonly extensions?: { readonly code?: unknown }; readonly name?: unknown };
  // Who has stopped a command at the terminal has gone, as a client of the API has.
  return String(extensions?.code ?? (name === 'AbortError' ? 'CANCELLED' : 'INTERNAL_SERVER_ERROR'));
}
